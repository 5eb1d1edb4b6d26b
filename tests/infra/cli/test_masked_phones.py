"""A customer's phone in every place that commands print from: four digits of it are left, everywhere alike."""

import psycopg
import pytest
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from tests.conftest import rows
from tests.helpers import canaries
from tests.helpers.worlds.support import conversation, desk, insert
from tests.infra.cli.conftest import Carillon

PHONE = f"{canaries.CLIENT_PHONES}0001"
JID = f"{PHONE}@s.whatsapp.net"


@pytest.fixture
def message(connection: psycopg.Connection[DictRow]) -> int:
    """A customer who is called by a phone, waits for a manager, and could not be written to; the message's number."""
    of = desk(connection)
    talk = conversation(connection, of, JID, f"+{PHONE}")
    insert(connection, "support.messages", conversation_id=talk, client_id=of.id, role="user", correlation_id="e" * 32,
           content=f"my number is {PHONE}")  # fmt: skip
    handover = insert(connection, "support.handovers", conversation_id=talk, client_id=of.id, trigger_type="keyword")
    insert(connection, "support.handover_events", handover_id=handover, event="taken", actor=f"+{PHONE}")
    insert(connection, "platform.inbox", source_id=of.source, reason="unknown_kind", delivery_hash=bytes(32),
           correlation_id="e" * 32, content_type="application/json", body=f'{{"from": "{JID}"}}'.encode())  # fmt: skip
    return int(
        insert(connection, "platform.outbox", bot_id=of.whatsapp_bot, recipient=JID, lane=JID, kind="support/bot_reply",
               method="send", payload=Jsonb({"number": PHONE, "contact": f"+{PHONE}"}), dedup_key=f"k/{JID}",
               correlation_id="e" * 32, policy="at_least_once", state="dead", finished_at="now",
               error_class="refused", error_text=f"{PHONE} is not on WhatsApp")
    )  # fmt: skip


def test_no_command_prints_more_of_a_phone_than_its_last_four_digits(
    carillon: Carillon, connection: psycopg.Connection[DictRow], message: int
) -> None:
    [delivery] = rows(connection, "select id from platform.inbox")
    [handover] = rows(connection, "select number from support.handovers")

    for command in (
        ["outbox", "list"],
        ["outbox", "show", str(message)],
        ["trace", "e" * 32],
        ["trace", f"outbox:{message}"],
        ["trace", "handover", str(handover["number"])],
        ["support", "handovers"],
        ["inbox", "show", str(delivery["id"])],
    ):
        for form in ([], ["--json"]):
            printed = carillon(*command, *form)  # fails when it prints a canary
            assert (printed.code, printed.err) == (0, ""), command
            assert "…0001" in printed.out, command
    for command in (["inbox", "list"], ["doctor", "--offline"], ["people", "list"]):
        assert "Traceback" not in carillon(*command).out
