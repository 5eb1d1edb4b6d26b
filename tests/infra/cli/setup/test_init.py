"""The first day: from an empty database to a school whose answers reach its mentor."""

import os
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from infra.admin.operating import env_file
from infra.local import postgres, server
from tests.conftest import rows
from tests.helpers import canaries
from tests.helpers.serving import ROOT, sandbox_process

URL = "https://functions.example.com"


@pytest.fixture(scope="module")
def telegram(printed: Path) -> Iterator[str]:
    with sandbox_process(printed) as url:
        yield url


@pytest.fixture
def empty(server_url: str) -> Iterator[str]:
    """A database without anything, whose functions get logins of their own."""
    name = f"carillon_test_{uuid.uuid4().hex[:12]}"
    yield postgres.create_database(server_url, name)
    postgres.drop_database(server_url, name)
    with psycopg.connect(server_url, autocommit=True) as connection:
        for (login,) in rows(connection, "select rolname::text from pg_roles where rolname ~ %s", f"^{name}"):
            connection.execute(f"drop role {login}")


def init(folder: Path, telegram: str, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    program = "from infra.cli.main import main; main()"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "TELEGRAM_API_URL": telegram}
    return subprocess.run(
        [sys.executable, "-c", program, "init", *arguments], cwd=folder, env=environment, input=typed,
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


@pytest.mark.slow
def test_one_command_sets_a_school_up_and_again_it_changes_nothing(empty: str, telegram: str, tmp_path: Path) -> None:
    (tmp_path / "token.txt").write_text(canaries.BOT_TOKEN + "\n", encoding="utf-8")
    prefix = empty.partition("?")[0].rpartition("/")[2]
    arguments = (
        "--database-url", empty, "--url", URL, "--system", "getcourse", "--token-file", "token.txt", "--alerts",
        "-1001500000901", "--prefix", prefix,
    )  # fmt: skip

    first = init(tmp_path, telegram, *arguments)

    assert (first.returncode, first.stderr) == (0, "")
    assert re.search(rf"\n  {URL}/ingest_webhook/getcourse/school\?secret=\S{{24,}}\n", first.stdout)
    assert "✗" not in first.stdout
    assert canaries.BOT_TOKEN not in first.stdout
    file = tmp_path / ".env"
    settings = env_file.read(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert {"SECRETS_KEY", "CRON_SECRET", "MEDIA_URL", "DATABASE_URL"} < settings.keys()
    assert {name for name in server.names() if f"DATABASE_URL_{name}" in settings} == set(server.names())
    with psycopg.connect(settings["DATABASE_URL_ingest_webhook"]) as connection:
        assert rows(connection, "select current_user::text")[0][0].startswith(prefix)

    before = file.read_text(encoding="utf-8")
    again = init(tmp_path, telegram, *arguments[2:])
    assert (again.returncode, again.stderr) == (0, "")
    assert file.read_text(encoding="utf-8") == before
    assert "its address was shown once" in again.stdout


def test_a_database_that_does_not_answer_is_not_written_down(tmp_path: Path, telegram: str) -> None:
    ran = init(tmp_path, telegram, typed="postgresql://nobody@127.0.0.1:1/none\n")

    assert ran.returncode == 1
    assert "127.0.0.1" in ran.stderr
    assert not (tmp_path / ".env").exists()


def test_a_file_of_settings_keeps_what_stands_in_it(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# mine\nCRON_SECRET=\nLLM_MODEL='a b'\n", encoding="utf-8")
    file.chmod(0o644)

    added = env_file.complete(file, {"CRON_SECRET": "it's $new", "LLM_MODEL": "other", "POKE": ""})

    assert added == ["CRON_SECRET"]
    assert env_file.read(file) == {"CRON_SECRET": "it's $new", "LLM_MODEL": "a b"}
    assert file.read_text(encoding="utf-8").startswith("# mine\n")
    assert file.stat().st_mode & 0o777 == 0o600
