"""Every command in the README and the docs does what it says."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.rows import dict_row

from infra.local import postgres
from shared.credentials import secrets
from tests.helpers import arrange, canaries
from tests.helpers.serving import sandbox_process

ROOT = Path(__file__).parent.parent.parent
README = ROOT / "README.md"
OPERATIONS = ROOT / "docs" / "operations.md"  # tests/infra/cli/test_backup.py does what it says
DOCS = sorted(page for page in (ROOT / "docs").rglob("*.md") if page != OPERATIONS)
SANDBOX = "http://127.0.0.1:8081"  # where `python -m infra.sandbox` listens
A_MESSAGE = """
    insert into platform.outbox (id, bot_id, chat_id, lane, kind, method, payload, dedup_key, correlation_id, policy)
    overriding system value
    select 42, id, 1, '1', 'getcourse/answer', 'sendMessage', '{"text": "t"}', 'k', 'c', 'at_least_once'
    from platform.bots where name = 'school'
"""
# What doctor asks for in a rehearsal: calls of a scheduler, Start in a bot, topics in a group, a salon's dialogs.
LEFT_TO_PEOPLE = {"last run", "people", "support", "salon"}
RUN_ELSEWHERE = ("npm ci ", "infra/aws/node_modules/.bin/osls deploy")  # packaged, not deployed, by tests/infra/aws
# What the docs name and other pages make.
FILES_OF_THE_DOCS = {"track.yml": ROOT / "infra" / "admin" / "learning" / "example_track.yml"}


def blocks(page: Path) -> list[list[str]]:
    """The blocks of a page that can be pasted into a terminal, each a list of commands."""
    found = re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    return [[c for line in block.splitlines() if (c := re.sub(r"\s#.*", "", line).strip())] for block in found]


COMMANDS = [command for page in (README, *DOCS) for block in blocks(page) for command in block]


def test_each_command_is_of_a_kind_that_some_test_runs() -> None:
    strange = [c for c in COMMANDS if not c.startswith(("make ", "carillon ", "echo ", *RUN_ELSEWHERE))]

    assert strange == []


def test_what_is_pasted_has_no_remarks() -> None:
    """A terminal may take them for words: zsh does, on every Mac."""
    pasted = README.read_text(encoding="utf-8").partition("## Operate it")[0]

    assert re.findall(r"(?m)^(?:make|carillon|echo|npx) .*#.*$", pasted) == []


@pytest.mark.parametrize("command", sorted({c for c in COMMANDS if c.startswith("make ")}))
def test_make_knows_its_targets(command: str) -> None:
    """What they do is run by tests/infra/demo and by .ci/run (check, test)."""
    dry = subprocess.run([*command.split(), "--dry-run"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert dry.returncode == 0, dry.stderr


class Terminal:
    """Where a newcomer types, and one command after the other runs, each in a folder."""

    def __init__(self, warm: subprocess.Popen[str], printed: Path) -> None:
        """`warm` is tests.helpers.warm_carillon, in the folder `printed`: six dozen starts would take a minute."""
        self._warm, self._printed = warm, printed

    def type(self, command: str, folder: Path) -> tuple[int, str, str]:
        """The command's exit code, and what it printed. `< FILE` and `> FILE` are what a shell makes of them."""
        words = shlex.split(command)
        files = {sign: str(folder / words[words.index(sign) + 1]) for sign in "<>" if sign in words}
        arguments = words[: min((words.index(sign) for sign in files), default=len(words))]
        if arguments[0] == "echo":
            Path(files[">"]).write_text(" ".join(arguments[1:]) + "\n", encoding="utf-8")
            return 0, "done", ""
        out = Path(files.get(">", self._printed / "out"))
        task = {"arguments": arguments[1:], "folder": str(folder), "in": files.get("<", os.devnull), "out": str(out),
                "err": str(self._printed / "err")}  # fmt: skip
        assert self._warm.stdin is not None
        assert self._warm.stdout is not None
        self._warm.stdin.write(json.dumps(task) + "\n")
        self._warm.stdin.flush()
        code = int(self._warm.stdout.readline())
        return code, out.read_text("utf-8"), (self._printed / "err").read_text("utf-8")


@contextmanager
def terminal(printed: Path, environment: dict[str, str]) -> Iterator[Terminal]:
    """A terminal, as long as the context lasts."""
    command = [sys.executable, "-m", "tests.helpers.warm_carillon"]
    settings = {**environment, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=printed, env=settings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as warm:
        yield Terminal(warm, printed)


def rehearsal(sandbox_url: str) -> dict[str, str]:
    """The settings that the README gives for a rehearsal, with the stand-ins at `sandbox_url`."""
    [text] = re.findall(r"```ini\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    return dict(line.replace(SANDBOX, sandbox_url).split("=", 1) for line in text.splitlines())


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_newcomer_can_paste_each_block_into_an_empty_folder(server_url: str, tmp_path: Path, printed: Path) -> None:
    name = f"carillon_test_readme_{os.getpid()}"
    url = postgres.create_database(server_url, name)
    try:
        with ExitStack() as stack:
            environment = rehearsal(stack.enter_context(sandbox_process(printed))) | {
                "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                "HOME": str(tmp_path),
                "DATABASE_URL": url,
                "SECRETS_KEY": secrets.new_key(),
                "CRON_SECRET": canaries.CRON_SECRET,
            }
            shell = stack.enter_context(terminal(tmp_path, environment))
            for number, block in enumerate((*blocks(README), [c for page in DOCS for b in blocks(page) for c in b])):
                folder = tmp_path / f"block{number}"
                folder.mkdir()
                if number == len(blocks(README)):
                    for file, source in FILES_OF_THE_DOCS.items():
                        (folder / file).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
                for command in block:
                    if command.startswith(("carillon ", "echo ")):
                        _run(shell, command, folder, url, printed / "readme.log")
    finally:
        postgres.drop_database(server_url, name)


def _run(shell: Terminal, command: str, folder: Path, url: str, log: Path) -> None:
    """Type `command`, with what it looks for in the database."""
    if "trace event" in command:
        with psycopg.connect(url, autocommit=True, row_factory=dict_row) as connection:
            arrange.event(connection, user_id="1", answer_id="1")
    if "outbox show" in command:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(A_MESSAGE)
    code, out, err = shell.type(command, folder)
    with log.open("a") as file:
        file.write(out + err)
    # doctor ends with an error as long as the functions have never run: that is its job.
    assert code == 0 or "doctor" in command, f"{command}\n{out}{err}"
    assert "Traceback" not in out + err
    assert out.strip()
    if command == "carillon doctor":
        # A machine that is too busy to answer doctor in time says nothing about the README.
        asked = set(re.findall(r"^[✗!] (.+?) {2,}.*\n  → (?!check the network)", out, re.MULTILINE))
        assert asked <= LEFT_TO_PEOPLE, out
