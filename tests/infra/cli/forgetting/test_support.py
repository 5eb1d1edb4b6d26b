"""carillon support forget."""

import psycopg
import pytest
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from tests.conftest import rows
from tests.helpers import canaries
from tests.helpers.worlds.support import Desk, conversation, desk, insert
from tests.infra.cli.conftest import Carillon
from tests.infra.cli.forgetting.leftovers import archived, count, tables_with

Plain = psycopg.Connection[DictRow]

PHONE, LID, OTHER = f"{canaries.CLIENT_PHONES}0001", "120363012345678", f"{canaries.CLIENT_PHONES}0002"
JID = f"{PHONE}@s.whatsapp.net"
LANES = "select lane, head_due is not null as is_due from platform.lanes"


@pytest.fixture
def of(connection: Plain) -> Desk:
    """A desk with two customers, and everything that is kept of each."""
    of = desk(connection)
    for phone, name in ((PHONE, canaries.CLIENT), (OTHER, "Другая")):
        jid = f"{phone}@s.whatsapp.net"
        talk = conversation(connection, of, jid, name)
        [row] = rows(connection, "select user_id from support.conversations where id = %s", talk)
        topic = f"support/user/{row['user_id']}"
        handover = insert(connection, "support.handovers", conversation_id=talk, client_id=of.id,
                          trigger_type="keyword", trigger_text=f"words of {phone}")  # fmt: skip
        insert(connection, "support.handover_events", handover_id=handover, event="opened")
        insert(connection, "platform.topics", bot_id=of.telegram_bot, chat_id=of.chat, key=topic, name=name)
        sent = message(connection, of.whatsapp_bot, f"reply/{phone}", recipient=jid, lane=jid, state="sent")
        message(connection, of.telegram_bot, f"card/{phone}", chat_id=of.chat, lane=f"{of.chat}/{topic}", topic=topic)
        message(connection, of.telegram_bot, f"support/handover/{handover}/alert", chat_id=of.chat, lane=str(of.chat))
        insert(connection, "support.messages", conversation_id=talk, client_id=of.id, role="assistant", outbox_id=sent,
               content=f"to {phone}")  # fmt: skip
        body = f'{{"from": "{jid}", "text": "x"}}'.encode()
        insert(connection, "platform.inbox", source_id=of.source, reason="r", correlation_id="c" * 32, body=body,
               delivery_hash=phone.encode().ljust(32)[:32])  # fmt: skip
        connection.execute(
            "insert into platform.failed_updates (bot_id, update_id, error, correlation_id, set_aside_at, body)"
            " values (%s, %s, 'e', 'c', now(), %s)",
            (of.telegram_bot, int(phone) % 100, body),
        )
    connection.execute(
        "insert into support.addresses (client_id, address, user_id)"
        " select client_id, %s, id from support.users where phone = %s",
        (f"{LID}@lid", PHONE),
    )
    return of


def message(connection: Plain, bot: int, key: str, lane: str, state: str = "queued", **columns: object) -> object:
    """A message with its lane."""
    finished = {"finished_at": "now"} if state == "sent" else {}
    number = insert(connection, "platform.outbox", bot_id=bot, lane=lane, kind="support/x", method="sendMessage",
                    payload=Jsonb({"text": key}), dedup_key=key, correlation_id="c" * 32, policy="at_least_once",
                    state=state, **finished, **columns)  # fmt: skip
    connection.execute(
        "insert into platform.lanes (bot_id, lane, head_due) values (%s, %s, now()) on conflict do nothing", (bot, lane)
    )
    return number


@pytest.mark.parametrize("address", [f"+{PHONE}", JID, f"{LID}@lid", f"+7 701 999-{PHONE[-4:-2]}-{PHONE[-2:]}"])
def test_a_customer_goes_by_any_address_with_everything_and_nobody_else_does(
    carillon: Carillon, connection: Plain, of: Desk, address: str
) -> None:
    for table in (
        "support.conversations",
        "support.messages",
        "support.handovers",
        "platform.outbox",
        "platform.inbox",
    ):
        archived(connection, table)
    assert tables_with(connection, PHONE, canaries.CLIENT, LID)
    before = tables_with(connection, OTHER, "Другая")

    done = carillon("support", "forget", address, "--client", "echo", "--yes")

    assert (done.code, done.err) == (0, "")
    assert "support.messages: 1 row went" in done.out
    assert "platform.outbox: 3 rows went" in done.out
    assert "platform.archive_queue: 7 rows went" in done.out
    assert "backups" in done.out
    assert tables_with(connection, PHONE, canaries.CLIENT, LID) == []
    assert tables_with(connection, OTHER, "Другая") == before
    [other] = rows(connection, "select user_id from support.conversations")
    left = rows(connection, "select count(*) as n from platform.archive_queue, string_to_table(lines, e'\\n')")
    assert left == [{"n": 7}]
    lanes = {lane["lane"]: lane["is_due"] for lane in rows(connection, LANES)}
    assert lanes == {
        f"{OTHER}@s.whatsapp.net": True,
        str(of.chat): True,
        f"{of.chat}/support/user/{other['user_id']}": True,
    }


@pytest.mark.usefixtures("of")
def test_it_asks_first_and_a_no_changes_nothing(carillon: Carillon, connection: Plain) -> None:
    asked = carillon("support", "forget", f"+{PHONE}", stdin="n\n")

    assert (asked.code, "support.users: 1 row would go" in asked.out) == (1, True)
    assert (count(connection, "support.users"), count(connection, "platform.outbox")) == (2, 6)
    assert carillon("support", "forget", f"+{PHONE}", stdin="y\n").code == 0
    assert count(connection, "support.users") == 1


@pytest.mark.usefixtures("of")
def test_whom_the_person_was_taken_for_goes_too(carillon: Carillon, connection: Plain) -> None:
    connection.execute(
        "update support.users set moved_to = (select id from support.users where phone = %s) where phone = %s",
        (PHONE, OTHER),
    )

    assert carillon("support", "forget", f"+{PHONE}", "--yes").code == 0
    assert count(connection, "support.users") == 0


@pytest.mark.usefixtures("of")
def test_whom_nobody_knows_is_an_error_that_says_what_to_give(carillon: Carillon, connection: Plain) -> None:
    nobody = carillon("support", "forget", "+10000000000", "--yes")
    client = carillon("support", "forget", f"+{PHONE}", "--client", "other", "--yes")

    assert (nobody.code, "no customer has this address" in nobody.err) == (1, True)
    assert (client.code, "there is no client other" in client.err) == (1, True)
    assert count(connection, "support.users") == 2


def test_of_whom_every_delivery_was_unreadable_those_deliveries_go(carillon: Carillon, connection: Plain) -> None:
    of = desk(connection)
    for number, phone in enumerate((PHONE, OTHER)):
        body = f'{{"unread": "{phone}@s.whatsapp.net {canaries.CLIENT_WORDS}"}}'.encode()
        insert(connection, "platform.inbox", source_id=of.source, reason="r", correlation_id="c" * 32, body=body,
               delivery_hash=bytes([number] * 32))  # fmt: skip
    done = carillon("support", "forget", f"+{PHONE}", "--yes")
    again = carillon("support", "forget", f"+{PHONE}", "--yes")

    assert (done.code, "platform.inbox: 1 row went" in done.out) == (0, True)
    assert (again.code, "no customer has this address" in again.err) == (1, True)
    assert tables_with(connection, PHONE) == []
    assert count(connection, "platform.inbox") == 1


@pytest.mark.usefixtures("of")
@pytest.mark.parametrize("address", ["whatsapp", "s.whatsapp.net", "whatsapp@lid", "1234"])
def test_a_word_that_many_bodies_hold_is_nobodys_address(carillon: Carillon, connection: Plain, address: str) -> None:
    before = count(connection, "platform.inbox")

    assert carillon("support", "forget", address, "--client", "echo", "--yes").code == 1
    assert count(connection, "platform.inbox") == before
