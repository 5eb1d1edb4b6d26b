"""carillon trace: an event's whole life."""

from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from infra.sandbox.server import running
from shared.database.pool import Database
from tests.conftest import rows
from tests.helpers import arrange, canaries
from tests.helpers.serving import ROOT
from tests.helpers.worlds.support import conversation, desk, insert
from tests.infra.cli.conftest import Carillon
from tests.infra.cli.school import EVENT, dispatch, in_thread, school


async def test_an_events_whole_life_is_one_table(
    carillon: Carillon, database: Database, database_url: str, connection: psycopg.Connection[object]
) -> None:
    source = school(connection)
    event = rows(connection, EVENT, source, canaries.ANSWER)[0]["id"]
    async with running() as telegram:
        await dispatch(database, telegram.url, database_url)

    steps = (await in_thread(carillon, "trace", f"event:{event}", "--json")).json
    (outbox,) = rows(connection, "select id, correlation_id, message_id from platform.outbox")
    assert [step["what"].split()[0] for step in steps].count("outbox") == 3
    assert steps[0]["what"] == f"event {event} stored"
    assert steps[-1]["what"] == f"outbox {outbox['id']} sent"
    assert steps[-1]["detail"] == f"Telegram message {outbox['message_id']}"
    for other in (f"outbox:{outbox['id']}", outbox["correlation_id"]):
        assert (await in_thread(carillon, "trace", other, "--json")).json == steps
    assert (await in_thread(carillon, "trace", f"event:{event}")).code == 0


async def test_an_event_that_waits_says_why(
    carillon: Carillon, database: Database, database_url: str, connection: psycopg.Connection[object]
) -> None:
    event = rows(connection, EVENT, arrange.source(connection), "x")[0]["id"]
    await dispatch(database, "http://127.0.0.1:1", database_url)

    assert "unknown_student" in carillon("trace", f"event:{event}").out


def test_an_unknown_target_is_reported(carillon: Carillon) -> None:
    assert carillon("trace", "event:1").code == 1
    assert carillon("trace", "event").code == 2
    unknown = carillon("trace", "0" * 32)
    assert (unknown.code, "a tick with nothing due" in unknown.err) == (1, True)
    assert carillon("outbox", "show", "1").code == 1


def test_every_table_that_keeps_a_correlation_id_is_looked_at(connection: psycopg.Connection[object]) -> None:
    keeping = rows(
        connection,
        "select c.table_schema || '.' || c.table_name as name from information_schema.columns c"
        " join information_schema.tables t using (table_schema, table_name)"
        " where c.column_name = 'correlation_id' and t.table_type = 'BASE TABLE'",
    )
    statements = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "infra/admin/trace").glob("*.sql"))

    assert [row["name"] for row in keeping if row["name"] not in statements] == []


STORED: dict[str, dict[str, Any]] = {
    "getcourse.account_events": {"event_types": ["order"], "object_id": "1", "event_date": "2026-01-15",
                                 "natural_key": bytes(32), "raw_payload": Jsonb({})},
    "platform.inbox": {"reason": "no_fields", "delivery_hash": bytes(32)},
}  # fmt: skip


@pytest.mark.parametrize("table", STORED)
def test_what_was_only_kept_is_found_by_its_correlation_id(
    carillon: Carillon, connection: psycopg.Connection[DictRow], table: str
) -> None:
    columns = STORED[table] | {"source_id": arrange.source(connection), "correlation_id": "c" * 32}
    names = ", ".join(columns)
    marks = ", ".join(f"%({name})s" for name in columns)
    connection.execute(f"insert into {table} ({names}) values ({marks})".encode(), columns)

    [step] = carillon("trace", "c" * 32, "--json").json
    assert "source" in step["detail"]


def test_a_handover_is_traced_with_its_messages_and_nobodys_words_or_phone(
    carillon: Carillon, connection: psycopg.Connection[DictRow]
) -> None:
    of, jid = desk(connection), f"{canaries.CLIENT_PHONES}0001@s.whatsapp.net"
    talk = conversation(connection, of, jid, canaries.CLIENT)
    handover = insert(connection, "support.handovers", conversation_id=talk, client_id=of.id, trigger_type="keyword")
    insert(connection, "support.handover_events", handover_id=handover, event="opened")
    insert(connection, "support.messages", conversation_id=talk, client_id=of.id, role="user", correlation_id="d" * 32,
           content=canaries.CLIENT_WORDS)  # fmt: skip
    insert(connection, "platform.outbox", bot_id=of.whatsapp_bot, recipient=jid, lane=jid, kind="support/bot_reply",
           method="send", payload=Jsonb({}), dedup_key=f"support/handover/{handover}/card", correlation_id="d" * 32,
           policy="at_least_once")  # fmt: skip
    number = rows(connection, "select number from support.handovers")[0]["number"]

    by_number = carillon("trace", "handover", str(number), "--json").json
    by_correlation = carillon("trace", "d" * 32, "--json").json

    assert {step["what"].split()[0] for step in by_number} == {"handover", "message", "outbox"}
    assert [step for step in by_correlation if step["what"].startswith("message")]
    [queued] = [step["detail"] for step in by_correlation if step["what"].endswith("queued")][:1]
    assert queued.endswith("lane …0001@s.whatsapp.net")
    assert carillon("trace", f"handover:{number + 1}").code == 1


def test_the_way_of_a_card_and_of_an_answer_begins_with_what_the_customer_wrote(
    carillon: Carillon, connection: psycopg.Connection[DictRow]
) -> None:
    of, jid = desk(connection), f"{canaries.CLIENT_PHONES}0001@s.whatsapp.net"
    talk = conversation(connection, of, jid, canaries.CLIENT)
    message = {"bot_id": of.whatsapp_bot, "recipient": jid, "lane": jid, "method": "send", "payload": Jsonb({}),
               "policy": "at_least_once", "correlation_id": "d" * 32}  # fmt: skip
    for _ in range(2):
        said = {"conversation_id": talk, "client_id": of.id, "role": "user", "content": canaries.CLIENT_WORDS}
        insert(connection, "support.messages", **said)
    insert(connection, "platform.outbox", **message, kind="support/card", dedup_key="card")
    insert(connection, "platform.outbox", **message, kind="support/bot-reply", dedup_key="reply")
    card, reply = (row["id"] for row in rows(connection, "select id from platform.outbox order by id"))
    handover = insert(connection, "support.handovers", conversation_id=talk, client_id=of.id, trigger_type="keyword",
                      outbox_id=card)  # fmt: skip
    insert(connection, "support.handover_events", handover_id=handover, event="opened")
    insert(connection, "support.messages", conversation_id=talk, client_id=of.id, role="assistant", outbox_id=reply)

    of_card, of_reply = (carillon("trace", f"outbox:{number}", "--json").json for number in (card, reply))

    for steps in (of_card, of_reply):
        [first] = [step for step in steps if step["detail"].startswith("by user")]
        assert steps.index(first) == 0
    assert [step["detail"].split(",")[0] for step in of_reply if "stored" in step["what"]] == [
        "by user",
        "by assistant",
    ]


def test_a_run_that_did_something_is_found_by_the_id_of_its_log_lines(
    carillon: Carillon, connection: psycopg.Connection[DictRow]
) -> None:
    connection.execute(
        "insert into platform.run_reports (correlation_id, function, started_at, finished_at, report)"
        " values (%s, 'housekeeping', now() - interval '3 seconds', now(), %s)",
        ("e" * 32, Jsonb({"done": 5, "remaining": 0})),
    )

    [step] = carillon("trace", "e" * 32, "--json").json
    assert (step["what"], step["detail"]) == ("run of housekeeping", "done 5, remaining 0, took 3.00 s")
