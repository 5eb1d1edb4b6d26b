"""The second look at failed tests: chance passes and is named, whatever has a reason fails again."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers import flaky
from tests.helpers.starting import ROOT

FAILS_ONCE = """
from pathlib import Path
def test_fails_once():
    seen = Path("seen")
    first = not seen.exists()
    seen.touch()
    assert not first
"""
FAILS = "def test_fails():\n    assert False\n"
FAILS_THE_THIRD_TIME = """
from pathlib import Path
def test_fails_now_and_then():
    seen = Path("seen")
    seen.write_text((seen.read_text() if seen.exists() else "") + "x")
    assert len(seen.read_text()) not in {1, 3}
"""


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run Python there, without pytest's plugins; its exit code and output."""
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}
    ran = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, check=False, capture_output=True, text=True
    )
    return ran.returncode, ran.stdout


def second_look(folder: Path) -> tuple[int, str]:
    """Exit code and output of the second look."""
    return run(folder, str(ROOT / "tests" / "helpers" / "flaky.py"))


def test_what_fails_once_passes_and_is_named(tmp_path: Path) -> None:
    (tmp_path / "test_chance.py").write_text(FAILS_ONCE)
    run(tmp_path, "-m", "pytest")

    code, output = second_look(tmp_path)

    assert code == 0
    assert "FLAKY test_chance.py::test_fails_once failed once and passed 5 times alone" in output


@pytest.mark.parametrize("text", [FAILS, FAILS_THE_THIRD_TIME])
def test_what_fails_again_fails(tmp_path: Path, text: str) -> None:
    (tmp_path / "test_reason.py").write_text(text)
    run(tmp_path, "-m", "pytest")

    code, output = second_look(tmp_path)

    assert code != 0
    assert "FLAKY" not in output


@pytest.mark.parametrize(
    ("failed", "reason"),
    [
        ([], "no failed test was recorded"),
        (["test_broken.py"], "a file could not be collected"),
        (["tests/chaos/test_kills.py::test_a"], "what fails in tests/chaos/ is looked into"),
        ([f"test_many.py::test_it[{number}]" for number in range(4)], "4 tests failed, which is no chance any more"),
    ],
)
def test_what_did_not_fail_by_chance_gets_none(tmp_path: Path, failed: list[str], reason: str) -> None:
    cache = tmp_path / flaky.CACHE
    cache.parent.mkdir(parents=True)
    cache.write_text(json.dumps(dict.fromkeys(failed, True)))

    code, output = second_look(tmp_path)

    assert code == 1
    assert output.startswith(f"No second look: {reason}")
