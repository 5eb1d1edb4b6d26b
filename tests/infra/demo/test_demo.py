"""The demo, as `make demo` runs it."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from infra.demo.stories import STORY
from infra.local import postgres
from tests.helpers.programs import read_until, started
from tests.helpers.serving import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]  # half a minute by itself
UNHURRIED = ("--timeout", "120")  # a busy machine takes its time


@pytest.fixture
def database(server_url: str) -> Iterator[str]:
    name = f"carillon_demo_{uuid.uuid4().hex[:12]}"
    yield name
    postgres.drop_database(server_url, name)


def command(database: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "infra.demo.run", "--database", database, *arguments]


def environment(server_url: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DATABASE_URL": server_url}


def play(server_url: str, folder: Path, database: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(database, "--once", *arguments),
        cwd=folder, env=environment(server_url), check=False, capture_output=True, text=True, timeout=900,
    )  # fmt: skip


def test_every_step_arrives_and_has_its_row(server_url: str, database: str, tmp_path: Path) -> None:
    demo = play(server_url, tmp_path, database, *UNHURRIED)

    assert demo.stdout.count("✓") == len(STORY) + 1, demo.stdout
    assert f"✓ {len(STORY)} of {len(STORY)} steps arrived" in demo.stdout
    assert (demo.returncode, demo.stderr) == (0, "")


def test_a_step_that_does_not_arrive_is_printed_and_makes_the_exit_code_1(
    server_url: str, database: str, tmp_path: Path
) -> None:
    """Telegram refuses everything that goes to one mentor; the others get theirs all the same."""
    nothing_for_zoya = '{"chat_id": 9900000103, "status": 400, "times": -1}'
    options = ("--chapter", "getcourse", "--timeout", "0.5", "--fault", nothing_for_zoya)
    demo = play(server_url, tmp_path, database, *options)

    assert demo.returncode == 1, demo.stdout
    assert "nothing came to Зоя Благовестова within 0.5 s" in demo.stdout
    assert "✓" in demo.stdout


@pytest.mark.parametrize(("sigint", "sent"), [("SIG_DFL", signal.SIGINT), ("SIG_IGN", signal.SIGTERM)])
def test_it_stays_up_and_a_signal_ends_everything_within_five_seconds(
    server_url: str, database: str, tmp_path: Path, sigint: Literal["SIG_DFL", "SIG_IGN"], sent: signal.Signals
) -> None:
    """SIGTERM also where SIGINT is ignored, as in a script's background job.

    A busy machine may take longer, but not longer than for the start, which takes about as long.
    """
    module = ("-m", "infra.demo.run", "--database", database, "--chapter", "learning", *UNHURRIED)
    began = time.monotonic()
    with started(*module, sigint=sigint, folder=tmp_path, DATABASE_URL=server_url) as demo:
        read_until(demo, "Ctrl-C")
        interrupted = time.monotonic()
        demo.send_signal(sent)
        assert demo.wait(300) == 0
        assert time.monotonic() - interrupted < max(5, interrupted - began)


def test_a_signal_ends_it_in_the_middle_of_its_story(server_url: str, database: str, tmp_path: Path) -> None:
    module = ("-m", "infra.demo.run", "--database", database, "--chapter", "getcourse")
    with started(*module, sigint="SIG_IGN", folder=tmp_path, DATABASE_URL=server_url) as demo:
        read_until(demo, " 1")
        demo.terminate()

        assert demo.wait(300) == 130
        assert demo.stderr is not None
        assert demo.stderr.read() == ""


def test_it_says_so_when_there_is_no_server(tmp_path: Path) -> None:
    demo = play("postgresql://nobody@127.0.0.1:1/none", tmp_path, "none")

    assert demo.returncode == 1
    assert "nothing listens at 127.0.0.1:1" in demo.stderr
    assert "Traceback" not in demo.stderr
