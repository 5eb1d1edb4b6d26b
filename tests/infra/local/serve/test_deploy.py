"""A release is put in place of another while webhooks come: a broken one never serves, and nothing is lost."""

import asyncio
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from shared.version import SCHEMA, VERSION
from tests.conftest import rows
from tests.helpers import arrange, canaries
from tests.helpers.serving import ROOT
from tests.infra.cli.conftest import Carillon, Ran, runner
from tests.infra.local.serve.tree import Tree, running, until

pytestmark = [pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc"), pytest.mark.slow]

BREAKS = {
    "dies at its start": ("functions/housekeeping/main.py", 'raise ImportError("a dependency is missing")'),
    "needs a schema that is not there": ("shared/version.py", 'SCHEMA = "9999_of_the_future"'),
}


class Webhooks(threading.Thread):
    """GetCourse, which calls once per answer and never again: what is not answered 200 is lost."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self._url = f"{url}/ingest_webhook/getcourse/school?secret={canaries.SOURCE_SECRET}"
        self._over = threading.Event()
        self.sent = 0
        self.lost: list[str] = []

    def run(self) -> None:
        """Call until the end, on a kept connection and on new ones."""
        asyncio.run(self._call_all())

    def end(self) -> None:
        """Let those under way come to their end."""
        self._over.set()
        self.join(60)

    async def _call_all(self) -> None:
        await asyncio.gather(*(self._call(keep=number % 2 == 0) for number in range(2)))

    async def _call(self, *, keep: bool) -> None:
        while not self._over.is_set():
            async with httpx.AsyncClient(trust_env=False, timeout=120) as client:
                for _ in range(20 if keep else 1):
                    await self._answer(client)

    async def _answer(self, client: httpx.AsyncClient) -> None:
        self.sent += 1
        number = self.sent
        body = {"user_id": "1", "lesson_id": "1", "answer_id": str(number), "answer_text": "done"}
        try:
            response = await client.post(self._url, json=body)
            if response.status_code != 200:
                self.lost.append(f"{number}: {response.status_code}")
        except httpx.HTTPError as error:
            self.lost.append(f"{number}: {type(error).__name__}")
        await asyncio.sleep(0.04)


@pytest.fixture(scope="module")
def tree(module_direct_url: str, printed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tree]:
    with psycopg.connect(module_direct_url, autocommit=True) as connection:
        arrange.source(connection)
    with running(module_direct_url, printed, tmp_path_factory.mktemp("deploy"), "--workers", "1") as tree:
        yield tree


@pytest.fixture(scope="module")
def webhooks(tree: Tree, module_direct_url: str) -> Iterator[Webhooks]:
    """Webhooks that come all the while; at the end each of them is stored."""
    calls = Webhooks(tree.url)
    calls.start()
    until(lambda: calls.sent > 10)
    yield calls
    calls.end()
    assert calls.lost == []
    with psycopg.connect(module_direct_url, autocommit=True) as connection:
        assert rows(connection, "select count(*) from getcourse.webhook_events") == [(calls.sent,)]


def installed(folder: Path, version: str = VERSION, file: str = "", line: str = "") -> Path:
    """A release in `folder`, as its own environment would hold it; `line` stands at the end of its `file`."""
    for part in ("functions", "shared", "infra", "migrations"):
        shutil.copytree(ROOT / part, folder / "site" / part, ignore=shutil.ignore_patterns("node_modules"))
    shutil.copy(ROOT / "serverless.yml", folder / "site")
    said = folder / "site/shared/version.py"
    said.write_text(said.read_text(encoding="utf-8").replace(f'"{VERSION}"', f'"{version}"'), encoding="utf-8")
    if file:
        path = folder / "site" / file
        path.write_text(f"{path.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    python = folder / "bin/python"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\nPYTHONPATH={folder}/site exec {sys.executable} "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    return folder


def deploy(carillon: Carillon, tree: Tree, folder: Path, *arguments: str) -> Ran:
    return carillon("deploy", str(folder), "--control", str(tree.control), *arguments)


@pytest.fixture(scope="module")
def carillon(module_direct_url: str) -> Carillon:
    return runner(module_direct_url, module_direct_url)


@pytest.mark.parametrize("broken", BREAKS)
def test_a_broken_release_leaves_the_old_one_serving(
    broken: str, carillon: Carillon, tree: Tree, webhooks: Webhooks, tmp_path: Path
) -> None:
    release = installed(tmp_path, "0.2.0", *BREAKS[broken])
    before = webhooks.sent

    ran = deploy(carillon, tree, release, "--seconds", "6", "--no-migrate")

    assert ran.code == 1
    assert "the release was rejected" in ran.err
    assert "the old release serves on" in ran.err
    until(lambda: webhooks.sent > before + 20)
    assert webhooks.lost == []
    assert tree.health["version"] == VERSION


def test_a_sound_release_takes_over_and_the_next_start_finds_it(
    carillon: Carillon, tree: Tree, webhooks: Webhooks, tmp_path: Path
) -> None:
    link = tmp_path / "current"
    folder = tmp_path / "0.2.0"
    folder.mkdir()

    ran = deploy(carillon, tree, installed(folder, "0.2.0"), "--seconds", "120", "--link", str(link))

    assert (ran.code, ran.err) == (0, "")
    assert f"every function says 0.2.0, schema {SCHEMA}" in ran.out
    before = webhooks.sent
    until(lambda: webhooks.sent > before + 20)
    assert webhooks.lost == []
    assert tree.health["version"] == "0.2.0"
    assert link.resolve() == folder


def test_what_is_no_release_is_not_even_started(carillon: Carillon, tree: Tree, tmp_path: Path) -> None:
    ran = deploy(carillon, tree, tmp_path)

    assert (ran.code, "neither .venv/bin/python nor bin/python" in ran.err) == (1, True)


def test_without_a_server_the_command_says_so(carillon: Carillon, tmp_path: Path) -> None:
    folder = installed(tmp_path)

    ran = carillon("deploy", str(folder), "--control", str(tmp_path / "nobody"), "--no-migrate")

    assert ran.code == 1
    assert "see that carillon serve runs here" in ran.err
