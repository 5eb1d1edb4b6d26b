"""make db-init and its parts: a database of one's own, named by DB_HOST and its like."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from infra.local import postgres
from tests.chaos.proxy import proxied
from tests.helpers.serving import ROOT

TARGETS = ("db-install", "db-init", "db-reset", "db-schema", "db-seed")
TRACKS = "select count(*) from learning.tracks"

Make = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")


@pytest.fixture
def empty_url(server_url: str) -> Iterator[str]:
    name = "carillon_test_make"
    postgres.drop_database(server_url, name)
    yield postgres.create_database(server_url, name)
    postgres.drop_database(server_url, name)


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Runs a target in a folder with nothing but a .env, in the environment that runs this test."""

    def run(*arguments: str, stdin: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
        venv = Path(sys.prefix)
        installed = [f"-o{venv}/.{extra}" for extra in ("tools", "demo", "dev")]
        command = ["make", "-f", str(ROOT / "Makefile"), *installed, f"VENV={venv}", *arguments]
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), **settings}
        return subprocess.run(
            command, cwd=tmp_path, env=environment, input=stdin, capture_output=True, text=True, check=False
        )

    return run


@pytest.fixture
async def parts(empty_url: str) -> AsyncIterator[dict[str, str]]:
    """The address of the empty database in the source's names, by TCP as a container has it."""
    async with proxied(empty_url, "") as front:
        known = conninfo_to_dict(front.url)
        names = {
            "DB_HOST": "host",
            "DB_PORT": "port",
            "DB_USER": "user",
            "DB_PASSWORD": "password",
            "DB_NAME": "dbname",
        }
        yield {setting: str(known.get(name) or "") for setting, name in names.items()}


def tracks(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(TRACKS).fetchone()
    assert row is not None
    return int(row[0])


async def test_a_database_named_in_parts_is_made_filled_and_emptied(
    make: Make, empty_url: str, parts: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in parts.items()))

    made = await asyncio.to_thread(make, "db-init")
    assert (made.returncode, made.stderr, tracks(empty_url)) == (0, "", 1)
    refused = await asyncio.to_thread(make, "db-init", stdin="n\n")
    assert (refused.returncode, "seed" in refused.stdout, tracks(empty_url)) == (2, False, 1)
    assert ((await asyncio.to_thread(make, "db-reset", "YES=1")).returncode, tracks(empty_url)) == (0, 0)


async def test_the_steps_go_one_by_one_with_names_from_the_environment(
    make: Make, empty_url: str, parts: dict[str, str]
) -> None:
    async def run(target: str) -> str:
        return (await asyncio.to_thread(make, target, **parts)).stdout

    assert "upgraded from nothing" in await run("db-schema")
    assert "16 rows added" in await run("db-seed")
    assert "track was there already" in await run("db-seed")
    assert tracks(empty_url) == 1


@pytest.mark.parametrize("target", TARGETS)
def test_each_target_makes_the_environment_of_a_fresh_clone_first(target: str, tmp_path: Path) -> None:
    command = ["make", "--dry-run", target, f"VENV={tmp_path / 'none'}", "YES=1"]
    done = subprocess.run(
        command, cwd=ROOT, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=True
    ).stdout

    steps = [done.find(step) for step in ("-m venv", "carillon db")]
    assert steps[0] >= 0
    assert target == "db-install" or steps[1] > steps[0]
