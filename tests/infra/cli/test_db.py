"""carillon db, and what every command says when something is missing."""

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from infra.local import postgres
from tests.conftest import rows
from tests.helpers import arrange
from tests.infra.cli.conftest import Carillon

COMMANDS = [
    ["bots", "list"],
    ["sources", "list"],
    ["outbox", "list"],
    ["replay", "--since", "1h"],
    ["trace", "event:1"],
    ["learning", "clients"],
]


def test_seeding_twice_adds_the_school_once(carillon: Carillon, connection: psycopg.Connection[object]) -> None:
    assert carillon("db", "seed").code == 0
    assert "already" in carillon("db", "seed").out

    people = rows(connection, "select * from getcourse.v_active_mappings")
    assert len(people) == 7
    assert all(person["mentor_email"].endswith("@example.com") for person in people)


def test_seeding_brings_one_whole_track_and_leaves_it_alone_from_then_on(
    carillon: Carillon, connection: psycopg.Connection[object]
) -> None:
    assert "the example track is there (16 rows added)" in carillon("db", "seed").out
    connection.execute("update learning.tracks set title = 'Наш'")

    assert "the example track was there already" in carillon("db", "seed").out
    (track,) = carillon("learning", "tracks", "--json").json
    assert (track["slug"], track["title"], track["roadmap_items"]) == ("sql-basics", "Наш", 10)
    assert len(rows(connection, "select from learning.chat_templates")) == 5


def test_the_status_counts_what_is_there(carillon: Carillon) -> None:
    carillon("db", "seed")

    status = carillon("db", "status", "--json").json
    assert status["revision"] == status["newest"]
    assert (status["counts"]["mentors"], status["counts"]["students"]) == (3, 6)
    assert (status["counts"]["learning_sessions"], status["counts"]["learning_messages"]) == (0, 0)


def test_reset_empties_the_database_only_after_a_yes(carillon: Carillon) -> None:
    carillon("db", "seed")

    assert carillon("db", "reset", stdin="n\n").code == 1
    assert carillon("db", "status", "--json").json["counts"]["mentors"] == 3
    assert carillon("db", "reset", "--yes").code == 0
    assert carillon("db", "status", "--json").json["counts"]["mentors"] == 0


def test_reset_asks_nobody_where_there_is_nothing_of_ours_to_lose(server_url: str, carillon: Carillon) -> None:
    empty = postgres.create_database(server_url, "carillon_test_reset_empty")
    try:
        with psycopg.connect(empty) as theirs:
            theirs.execute("create table public.theirs as select 1 as one")
        for _ in ("no schema at all", "a schema without rows"):
            reset = carillon("db", "reset", stdin="", DATABASE_URL=empty)
            assert (reset.code, "Go on?" in reset.out) == (0, False)
        with psycopg.connect(empty) as theirs:
            assert rows(theirs, "select one from public.theirs") == [(1,)]
    finally:
        postgres.drop_database(server_url, "carillon_test_reset_empty")


@pytest.mark.parametrize(
    "table", ["learning.clients (name) values ('app')", "public.tenants_v2 (name) values ('Echo')"]
)
def test_one_row_of_ours_is_reason_enough_to_ask(
    carillon: Carillon, connection: psycopg.Connection[object], table: str
) -> None:
    connection.execute(f"insert into {table}".encode())

    assert carillon("db", "reset", stdin="").code == 1


def test_a_database_that_has_sent_messages_is_emptied_only_by_its_name(
    carillon: Carillon, connection: psycopg.Connection[object]
) -> None:
    name, bot = connection.info.dbname, arrange.bot(connection)
    connection.execute(
        "insert into platform.outbox (bot_id, chat_id, lane, kind, method, payload, dedup_key, correlation_id, policy,"
        " state, finished_at) values (%s, 1, '1', 'getcourse/answer', 'sendMessage', '{}', 'k', 'c', 'at_least_once',"
        " 'sent', now())",
        (bot,),
    )

    for arguments, typed in ((["--yes"], ""), ([], "y\n"), (["--yes", "--database", "postgres"], ""), ([], "")):
        refused = carillon("db", "reset", *arguments, stdin=typed)
        assert (refused.code, len(rows(connection, "select from platform.outbox"))) == (1, 1)
    assert carillon("db", "reset", stdin=f"{name}\n").code == 0
    assert rows(connection, "select from platform.outbox") == []


def test_the_databases_name_needs_no_further_yes(carillon: Carillon, connection: psycopg.Connection[object]) -> None:
    carillon("db", "seed")

    assert carillon("db", "reset", "--database", connection.info.dbname, stdin="").code == 0
    assert carillon("db", "status", "--json").json["counts"]["mentors"] == 0


@pytest.mark.parametrize("command", ["reset", "seed"])
def test_production_is_neither_emptied_nor_filled(carillon: Carillon, command: str) -> None:
    refused = carillon("db", command, SERVER_ENV="prod")

    assert refused.code == 1
    assert "prod" in refused.err


def test_every_command_on_an_empty_database_names_the_upgrade(server_url: str, carillon: Carillon) -> None:
    empty = postgres.create_database(server_url, "carillon_test_empty")
    try:
        for command in [*COMMANDS, ["db", "status"]]:
            result = carillon(*command, DATABASE_URL=empty)
            assert (result.code, "carillon db upgrade" in result.err) == (1, True), command
        assert "upgraded from nothing" in carillon("db", "upgrade", DATABASE_URL=empty).out
        assert "already" in carillon("db", "upgrade", DATABASE_URL=empty).out
        assert "already" in carillon("db", "schema", DATABASE_URL=empty).out
    finally:
        postgres.drop_database(server_url, "carillon_test_empty")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_database_that_does_not_answer_gives_a_next_step_and_no_password(
    carillon: Carillon, command: list[str]
) -> None:
    result = carillon(*command, DATABASE_URL="postgresql://bell:geheimwort@127.0.0.1:1/tower")

    assert result.code == 1
    assert "→" in result.err
    assert "geheimwort" not in result.err + result.out


@pytest.mark.parametrize("url", ["", "mysql://x", "postgresql://a b"])
def test_a_malformed_address_is_named_but_not_shown(carillon: Carillon, url: str) -> None:
    result = carillon("db", "status", DATABASE_URL=url)

    assert result.code == 1
    assert "DATABASE_URL" in result.err


def test_settings_come_from_a_dotenv_file_and_the_environment_wins(database_url: str, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"DATABASE_URL={database_url}\n", encoding="utf-8")

    def status(**settings: str) -> int:
        command = [sys.executable, "-c", "from infra.cli.main import main; main()", "db", "status"]
        root = str(Path(__file__).parents[3])
        environment = {"PYTHONPATH": root, **settings}
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False).returncode

    assert status() == 0
    assert status(DATABASE_URL="postgresql://nobody@127.0.0.1:1/nowhere") == 1


def test_a_wrong_option_is_a_usage_error(carillon: Carillon) -> None:
    assert carillon("outbox", "list", "--since", "yesterday").code == 2
    assert carillon("trace", "x").code == 2
