"""What strangers wrote reaches an operator's terminal as text: nothing of it moves the cursor, colours or hides."""

import json
from collections.abc import Iterator
from typing import Any
from unicodedata import category

import psycopg
import pytest
import typer
import typer.testing
from psycopg import sql
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from infra.cli.main import app
from infra.cli.output import ask, print_fields, print_json, say
from shared.courses import broadcasts
from tests.conftest import rows
from tests.helpers.worlds.support import conversation, desk, insert
from tests.infra.admin.doctor import installation
from tests.infra.cli.conftest import Carillon

# Sets the title, clears the screen, as one character and as two; rings; writes over the line; turns the text around.
HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m\x9d\x85\x7f\r\b\u202eevil\u2028"
RIVAL_TOKEN = "7000000003:canary-third-token-aaaaaaaaaaaaaaaa"
TEXT_COLUMNS = """
select table_schema as schema, table_name as name, column_name as column
from information_schema.columns join information_schema.tables using (table_schema, table_name)
where table_type = 'BASE TABLE' and data_type = 'text' and is_generated = 'NEVER'
  and table_schema in ('platform', 'getcourse', 'support', 'dashboard', 'learning', 'courses', 'public')
order by 1, 2, 3
"""
OTHERS = {"doctor", "bots check"}  # ask outside of the machine, too
OTHERS |= {"outbox redrive", "outbox cancel", "inbox replay", "salon invite"}  # change something
REFUSING = [f"{command}{form}" for command in ("courses settings", "doctor --offline") for form in ("", " --json")]


def questions(command: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command that needs no argument and has --json, so that it answers from the database."""
    command = command or typer.main.get_command(app)
    if isinstance(command, typer.core.TyperGroup):
        for name, below in command.commands.items():
            yield from questions(below, (*path, name))
    elif {"as_json"} <= {parameter.name for parameter in command.params} and not (
        any(parameter.required for parameter in command.params) or " ".join(path) in OTHERS or path[0] == "dashboard"
    ):
        yield path


def unprintable(text: str) -> set[str]:
    """Characters that are no text."""
    return {character for character in text if not character.isprintable() and character != "\n"}


@pytest.fixture
def message(connection: psycopg.Connection[DictRow]) -> int:
    """A message in an installation whose every text, where no constraint forbids it, is hostile."""
    installation.install(connection)
    of = desk(connection, "rival", -1001900000888, RIVAL_TOKEN)
    talk = conversation(connection, of, "77010000001@s.whatsapp.net", "Айгерим")
    insert(connection, "support.messages", conversation_id=talk, client_id=of.id, role="user", content="?",
           correlation_id="e" * 32)  # fmt: skip
    insert(connection, "support.handovers", conversation_id=talk, client_id=of.id, trigger_type="keyword")
    insert(connection, "platform.inbox", source_id=of.source, reason="unknown_kind", delivery_hash=bytes(32),
           correlation_id="e" * 32, content_type="application/json", body=HOSTILE.encode())  # fmt: skip
    number = insert(connection, "platform.outbox", bot_id=of.whatsapp_bot, recipient="1@s.whatsapp.net", lane="1",
                    kind="support/bot_reply", method="send", payload=Jsonb({"text": HOSTILE}), dedup_key="k",
                    correlation_id="e" * 32, policy="at_least_once", state="dead", finished_at="now",
                    error_class="refused", error_text="no")  # fmt: skip
    connection.execute("set session_replication_role = replica")
    changed = sum(_poison(connection))
    connection.execute("reset session_replication_role")
    assert changed > 50
    return int(number)


def _poison(connection: psycopg.Connection[DictRow]) -> Iterator[int]:
    for column in rows(connection, TEXT_COLUMNS):
        if column["column"] == "correlation_id":  # by which trace finds them
            continue
        statement = sql.SQL("update {} set {column} = {column} || {text}").format(
            sql.Identifier(column["schema"], column["name"]), column=sql.Identifier(column["column"]), text=HOSTILE
        )
        try:
            with connection.transaction():
                yield connection.execute(statement).rowcount
        except psycopg.Error:
            yield 0


def test_nothing_that_commands_print_from_the_database_steers_a_terminal(
    carillon: Carillon, connection: psycopg.Connection[DictRow], message: int
) -> None:
    [delivery] = rows(connection, "select id from platform.inbox")
    of_one = (
        ["trace", "e" * 32], ["trace", f"outbox:{message}"], ["outbox", "show", str(message)],
        ["inbox", "show", str(delivery["id"])], ["doctor", "--offline"],
    )  # fmt: skip
    found = {}
    for command in (*questions(), *of_one):
        for form in ([], ["--json"]):
            printed = carillon(*command, *form)
            found[" ".join([*command, *form])] = unprintable(printed.out + printed.err), printed.code

    assert {command: what for command, (what, _) in found.items() if what} == {}
    assert [command for command, (_, code) in found.items() if code] == REFUSING


def test_no_line_of_a_command_steers_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    say(f"client {HOSTILE} is paused")
    print_fields({"name": HOSTILE, HOSTILE: 1}, 10)
    print_json({"name": HOSTILE, "half": "\ud800", "nested": [{HOSTILE: "Ёлка 🎄"}]})
    printed = capsys.readouterr().out

    assert unprintable(printed) == set()
    document = json.loads(printed[printed.index("{\n") :])
    assert document == {"name": HOSTILE, "half": "\ud800", "nested": [{HOSTILE: "Ёлка 🎄"}]}
    assert "Ёлка 🎄" in printed


@pytest.mark.parametrize("answer", ["y", "n"])
def test_no_question_of_a_command_steers_a_terminal(answer: str) -> None:
    asking = typer.Typer()
    asking.command()(lambda: ask(f"The desk of {HOSTILE} will be gone. Go on?"))

    asked = typer.testing.CliRunner().invoke(asking, input=f"{answer}\n")

    assert (asked.exit_code, unprintable(asked.output)) == (int(answer == "n"), set())


def test_a_list_of_recipients_that_is_printed_steers_no_terminal() -> None:
    row = {"user_id": 1, "name": f"{HOSTILE} =1+1", "status": "sent", "error": None, "sent_at": None}

    assert not {character for character in broadcasts.to_csv([row]) if category(character) == "Cc"} - {"\r", "\n"}
