"""The demo, as `make demo` runs it."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.demo.stories import STORY
from infra.local import postgres
from tests.helpers.serving import ROOT

pytestmark = pytest.mark.slow


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
        cwd=folder, env=environment(server_url), check=False, capture_output=True, text=True, timeout=100,
    )  # fmt: skip


def test_every_step_arrives_and_has_its_row(server_url: str, database: str, tmp_path: Path) -> None:
    demo = play(server_url, tmp_path, database)

    assert demo.stdout.count("✓") == len(STORY) + 1, demo.stdout
    assert f"✓ {len(STORY)} of {len(STORY)} steps arrived" in demo.stdout
    assert (demo.returncode, demo.stderr) == (0, "")


def test_a_step_that_does_not_arrive_is_told_and_makes_the_exit_code_1(
    server_url: str, database: str, tmp_path: Path
) -> None:
    """Telegram refuses everything that goes to one mentor; the others hear of theirs all the same."""
    nothing_for_zoya = '{"chat_id": 9900000103, "status": 400, "times": -1}'
    demo = play(server_url, tmp_path, database, "--chapter", "school", "--patience", "2", "--fault", nothing_for_zoya)

    assert demo.returncode == 1, demo.stdout
    assert "nothing came to Зоя Благовестова within 2 s" in demo.stdout
    assert "✓" in demo.stdout


def test_it_stays_up_and_an_interrupt_ends_everything_within_five_seconds(
    server_url: str, database: str, tmp_path: Path
) -> None:
    with subprocess.Popen(
        command(database, "--chapter", "school"),
        cwd=tmp_path,
        env=environment(server_url),
        stdout=subprocess.PIPE,
        text=True,
    ) as demo:
        assert demo.stdout is not None
        for line in demo.stdout:
            if line.startswith("Ctrl-C"):
                break
        interrupted = time.monotonic()
        demo.send_signal(signal.SIGINT)
        assert demo.wait(30) == 0
        assert time.monotonic() - interrupted < 5


def test_it_says_so_when_there_is_no_server(tmp_path: Path) -> None:
    demo = play("postgresql://nobody@127.0.0.1:1/none", tmp_path, "none")

    assert demo.returncode == 1
    assert "does not answer" in demo.stderr
    assert "Traceback" not in demo.stderr
