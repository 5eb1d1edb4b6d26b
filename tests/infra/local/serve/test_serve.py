"""Every function and the scheduler in one process tree."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from infra.local import server
from infra.local.schedules import read_schedules
from infra.local.serve import release
from shared.version import SCHEMA, VERSION
from tests.conftest import rows
from tests.helpers.processes import children
from tests.helpers.serving import ROOT
from tests.infra.local.serve.tree import Tree, running, session, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")


@pytest.fixture(scope="module")
def tree(module_database_url: str, printed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tree]:
    with running(module_database_url, printed, tmp_path_factory.mktemp("serve"), "--workers", "2") as tree:
        yield tree


def release_of(tree: Tree) -> int:
    [release] = children(tree.process.pid)
    return release


def all_of(release: int) -> set[int]:
    """Its two workers and the scheduler, once all are there."""
    found = set(children(release))
    return found if len(found) == 3 else set()


def ask(tree: Tree, method: str, path: str, **headers: str) -> httpx.Response:
    return httpx.request(method, f"{tree.url}{path}", headers=headers, trust_env=False, timeout=60)


def test_every_function_answers_and_says_its_release(tree: Tree) -> None:
    health: Any = tree.health

    assert (health["status"], health["version"], health["schema"]) == ("ok", VERSION, SCHEMA)
    assert sorted(health["functions"]) == server.names()


def test_strangers_learn_not_even_the_names_of_functions(tree: Tree) -> None:
    answers = [ask(tree, "GET", path) for path in ("/", "/nothing", "/housekeeping", "/ingest_webhook/getcourse/x")]

    assert {(answer.status_code, answer.text) for answer in answers} == {(404, answers[0].text)}
    assert "There is nothing here" in answers[0].text


def test_the_scheduler_calls_what_has_a_schedule(tree: Tree, module_direct_url: str) -> None:
    with psycopg.connect(module_direct_url, autocommit=True) as connection:
        scheduled = {schedule.function for schedule in read_schedules()}

        until(lambda: {name for (name,) in rows(connection, "select function from platform.job_runs")} == scheduled)
    assert tree.process.poll() is None


def test_whoever_dies_is_started_again(tree: Tree) -> None:
    release = release_of(tree)
    before = until(lambda: all_of(release))
    for pid in before:
        os.kill(pid, signal.SIGKILL)

    until(lambda: all_of(release) and not all_of(release) & before)
    assert tree.health["status"] == "ok"
    assert tree.log().count('"process_died"') == 3


def test_a_release_that_dies_takes_its_workers_along_and_is_started_again(tree: Tree) -> None:
    release = release_of(tree)
    orphans = until(lambda: all_of(release))
    os.kill(release, signal.SIGKILL)

    until(lambda: bool(found := children(tree.process.pid)) and release not in found)
    assert tree.health["status"] == "ok"
    until(lambda: not orphans & session(tree.process.pid))


def test_a_kept_connection_is_closed_by_the_proxy_before_it_is_closed_under_a_webhook() -> None:
    assert release._config(None).timeout_keep_alive > 120  # Caddy's


def test_a_keeper_that_dies_leaves_nobody_behind(database_url: str, printed: Path, tmp_path: Path) -> None:
    with running(database_url, printed, tmp_path, "--workers", "1") as tree:
        tree.process.kill()

        until(lambda: not session(tree.process.pid))


def test_it_ends_on_sigterm_with_zero_and_all_its_processes(database_url: str, printed: Path, tmp_path: Path) -> None:
    with running(database_url, printed, tmp_path, "--workers", "1") as tree:
        assert tree.health["status"] == "ok"
        tree.process.terminate()

        assert tree.process.wait(300) == 0
        assert not session(tree.process.pid)


def test_what_cannot_start_with_its_settings_is_not_started_again(printed: Path, tmp_path: Path) -> None:
    output = printed / "serve-without-settings.log"
    command = [sys.executable, "-m", "infra.local.serve.keeper", "--port", "0", "--control", str(tmp_path / "s")]
    with output.open("wb") as log:
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
        code = subprocess.run(command, cwd=tmp_path, env=environment, stdout=log, stderr=log, timeout=300, check=False)

    assert code.returncode == os.EX_CONFIG
    assert output.read_text(encoding="utf-8").count("DATABASE_URL is not set") == 1


@pytest.mark.parametrize("on_sigterm", ["lambda *_: sys.exit(0)", "signal.SIG_IGN"])
def test_a_process_that_grows_too_large_is_replaced(tmp_path: Path, on_sigterm: str) -> None:
    """In good order, or by force when it does not end."""
    program = f"""
import os, pathlib, signal, sys, time
from infra.local.serve.children import SIGNALS, Children

def main():
    signal.signal(signal.SIGTERM, {on_sigterm})
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    grown = pathlib.Path({str(tmp_path)!r}, "grown")
    if grown.exists():
        os.kill(os.getppid(), signal.SIGTERM)  # the one in its place
        time.sleep(60)
    grown.touch()
    block = bytearray(os.urandom(1) * 150_000_000)
    time.sleep(60)

children = Children(100_000_000, 0.5)
children.add("glutton", main)
children.supervise(lambda: None)
"""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=300, check=True
    )

    assert '"process_too_large"' in done.stdout
    assert "process_died" not in done.stdout
