"""The page of the lesson: what it is made of, what it knows, and how its script reads a stream."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from infra.sandbox.page import learning
from infra.sandbox.page.learning.page import page

if TYPE_CHECKING:
    from tests.infra.sandbox.conftest import Client

FOLDER = Path(learning.__file__).parent
CONFIG = {"functions": "http://127.0.0.1:1", "token": "an-invented-token"}

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")

BROWSER = """
const localStorage = { getItem: () => "a-device" }, location = { search: "" };
"""
READING = """
const text = 'event: delta\\ndata: {"text": "Привет, "}\\n\\nevent: delta\\ndata: {"text": "мир"}\\n\\n'
  + 'event: done\\ndata: {"message": "Привет, мир"}\\n\\n';
const bytes = new TextEncoder().encode(text);
const body = new ReadableStream({ start(to) {
  for (let at = 0; at < bytes.length; at += 3) to.enqueue(bytes.slice(at, at + 3));
  to.close();
} });
(async () => {
  const heard = [];
  for await (const one of events(body)) heard.push(one);
  console.log(JSON.stringify(heard));
})();
"""

PAGE = """
const nodes = {}, sent = [];
const $ = (id) => nodes[id] ||= { children: [], focus() {} }, config = {}, narrow = {}, document = { body: $("body") };
document.body.classList = { remove() {} };
const say = () => {}, drawTalk = say, drawSidebar = say;
class Problem { constructor(words) { this.words = words; } }
const kept = {}, localStorage = {
  getItem: (name) => kept[name] ?? null, setItem: (name, value) => { kept[name] = value; },
  removeItem: (name) => { delete kept[name]; },
};
"""
RESUMING = """
send = (tab) => sent.push(tab);
const hours = (number) => Date.now() - number * 3600 * 1000;
const keep = (tab, at) => localStorage.setItem(place(tab), JSON.stringify({ text: tab, key: "k", at }));
const outcome = (at) => {
  for (const tab of TABS) {
    state.threads[tab].turn = null;
    keep(tab, at);
  }
  $("text").value = "";
  sent.length = 0;
  TABS.forEach(resume);
  return { sent, input: $("text").value, failed: TABS.map((tab) => Boolean(state.threads[tab].turn?.problem)) };
};
const outcomes = [hours(19), hours(21), undefined].map((at) => structuredClone(outcome(at)));
begin("новый");
console.log(JSON.stringify({ outcomes, begun: Date.now() - JSON.parse(kept[place("chat")]).at < 1000 }));
"""


def scripts(document: str) -> str:
    found = re.search(r"<script>(.*?)</script>", document, re.DOTALL)
    assert found
    return found[1]


def node(*arguments: str, script: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("node")
    assert program
    return subprocess.run([program, *arguments], input=script, check=False, capture_output=True, text=True, timeout=300)


async def test_the_page_knows_the_functions_also_when_they_start_after_the_sandbox(client: Client) -> None:
    client.server.lesson.update(CONFIG)
    answer = await client.http.get("/lesson")

    assert (answer.status_code, answer.headers["cache-control"]) == (httpx.codes.OK, "no-store")
    assert scripts(answer.text).startswith(f"const config = {json.dumps(CONFIG)};")


async def test_without_a_stack_around_it_it_has_nobody_to_call_and_says_what_to_start(client: Client) -> None:
    answer = await client.http.get("/lesson")

    assert "const config = {};" in answer.text
    assert "make demo" in answer.text


async def test_the_sandbox_leads_to_it(client: Client) -> None:
    assert 'href="lesson"' in (await client.http.get("/")).text


def test_it_needs_nothing_from_elsewhere() -> None:
    document = page({})

    assert re.findall(r"https?://|@import|url\(|src=", document) == []
    for place in ("/*style*/", "/*config*/", "/*script*/"):
        assert place not in document


def test_the_pages_config_cannot_end_its_script() -> None:
    token = "</script><b>"

    line = scripts(page({"token": token})).splitlines()[0]
    assert json.loads(line.removeprefix("const config = ").removesuffix(";")) == {"token": token}


@pytest.mark.parametrize(
    "file", sorted(path.name for path in FOLDER.iterdir() if path.suffix in (".css", ".html", ".js"))
)
def test_its_files_are_small_enough_to_be_read(file: str) -> None:
    assert len((FOLDER / file).read_text("utf-8").splitlines()) <= 250


@needs_node
def test_its_script_has_no_syntax_errors(tmp_path: Path) -> None:
    path = tmp_path / "page.js"
    path.write_text(scripts(page(CONFIG)), "utf-8")
    checked = node("--check", str(path), script="")

    assert (checked.returncode, checked.stderr) == (0, "")


@needs_node
def test_its_client_understands_a_stream_that_is_cut_anywhere() -> None:
    client = (FOLDER / "client.js").read_text("utf-8")
    ran = node("-", script=f"const config = {json.dumps(CONFIG)};{BROWSER}{client}{READING}")

    assert ran.stderr == ""
    assert json.loads(ran.stdout) == [
        ["delta", {"text": "Привет, "}],
        ["delta", {"text": "мир"}],
        ["done", {"message": "Привет, мир"}],
    ]


@needs_node
def test_a_question_that_is_older_than_its_key_is_offered_and_not_sent() -> None:
    ran = node("-", script=f"{PAGE}{(FOLDER / 'page.js').read_text('utf-8')}{RESUMING}")

    assert ran.stderr == ""
    result = json.loads(ran.stdout)
    old = {"sent": [], "input": "chat", "failed": [False, True, True]}
    new = {"sent": ["chat", "practice", "simulation"], "input": "", "failed": [False] * 3}
    assert result == {"outcomes": [new, old, old], "begun": True}
