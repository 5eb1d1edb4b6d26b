"""Commands of the support desk while somebody else changes the same rows."""

import threading
import time
from collections.abc import Callable

import psycopg
from psycopg.rows import DictRow

from tests.conftest import rows
from tests.helpers.worlds.support import conversation, desk, insert
from tests.infra.cli.conftest import Carillon, Ran

Connection = psycopg.Connection[DictRow]


def beside(other: psycopg.Connection, watcher: Connection, command: Callable[[], Ran]) -> Ran:
    """What a command answers that began, and had to wait, before the other transaction was committed."""
    answers: list[Ran] = []
    thread = threading.Thread(target=lambda: answers.append(command()))
    thread.start()
    deadline = time.monotonic() + 240
    while not rows(watcher, "select from pg_stat_activity where datname = current_database()"
                            " and wait_event_type = 'Lock'"):  # fmt: skip
        assert thread.is_alive(), "it waited for nobody"
        assert time.monotonic() < deadline
        time.sleep(0.02)
    other.commit()
    thread.join(300)
    return answers[0]


def test_of_two_new_prompts_the_later_one_is_refused(
    carillon: Carillon, connection: Connection, direct_url: str
) -> None:
    with psycopg.connect(direct_url) as other:
        other.execute("insert into support.prompts (name, text) values ('classifier', 'быстрее')")
        refused = beside(
            other, connection, lambda: carillon("support", "prompt", "classifier", "--stdin", stdin="медленнее")
        )

    assert (refused.code, "somebody else changed the classifier" in refused.err) == (1, True)
    assert rows(connection, "select text from support.prompts") == [{"text": "быстрее"}]


def test_of_two_clients_for_one_source_the_later_one_is_refused(
    carillon: Carillon, connection: Connection, direct_url: str
) -> None:
    of = desk(connection)
    connection.execute("delete from support.clients")
    with psycopg.connect(direct_url) as other:
        other.execute("insert into support.clients (name, source_id) values ('first', %s)", (of.source,))
        refused = beside(other, connection, lambda: carillon(
            "support", "add-client", "second", "--source", "echo", "--telegram-bot", "echo-tg", "--whatsapp-bot",
            "echo-wa", "--chat", "-1001900000123"))  # fmt: skip

    assert (refused.code, "source echo is another client's by now" in refused.err) == (1, True)
    assert rows(connection, "select from support.clients where name = 'second'") == []


def test_a_request_that_is_being_taken_is_not_timed_anew(
    carillon: Carillon, connection: Connection, direct_url: str
) -> None:
    of = desk(connection)
    conversation_id = conversation(connection, of)
    insert(connection, "support.handovers", conversation_id=conversation_id, client_id=of.id, trigger_type="keyword",
           remind_at="now")  # fmt: skip
    with psycopg.connect(direct_url) as other:
        other.execute("select from support.conversations for update")
        other.execute("update support.handovers set status = 'active', assigned_to_name = 'Лев', remind_at = null")
        changed = beside(other, connection, lambda: carillon("support", "settings", "echo", "--reminder-1", "5"))

    assert (changed.code, changed.err) == (0, "")
    assert rows(connection, "select status, remind_at from support.handovers") == [
        {"status": "active", "remind_at": None}
    ]
