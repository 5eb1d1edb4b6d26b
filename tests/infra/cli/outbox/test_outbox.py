"""carillon outbox list and show: what they print, and what they hide."""

import psycopg
import pytest
from psycopg.rows import DictRow

from tests.helpers import arrange
from tests.infra.cli.conftest import Carillon

Connection = psycopg.Connection[DictRow]
NUMBER = "77010004321"
ADDRESS = f"{NUMBER}@s.whatsapp.net"


@pytest.fixture
def messages(connection: Connection) -> list[int]:
    """One for a forum topic that had its troubles, one for WhatsApp."""
    telegram = arrange.bot(connection)
    whatsapp = arrange.bot(connection, "clinic", system="support", channel="evolution", address="m", telegram_id=None)
    query = """
        insert into platform.outbox (bot_id, chat_id, recipient, lane, kind, method, payload, dedup_key, correlation_id,
                                     policy, state, priority, topic, out_of_order, as_text, redrives, maybe_duplicate,
                                     message_id, external_id, error_class, error_text, finished_at, created_at)
        select bot, chat, recipient, coalesce(recipient, chat::text), kind, 'sendMessage', '{"text": "x"}',
               gen_random_uuid()::text, 'c', 'at_least_once', state, priority, topic, odd, odd, redrives, odd,
               message::bigint, external, error, case when error is not null then 'not today' end, now(),
               now() - make_interval(hours => hours)
        from (values
            (%(telegram)s, -1001, null, 'getcourse/answer', 'dead', 0, 'help/7', true, 2, null, null, 'blocked', 1),
            (%(whatsapp)s, null, %(address)s, 'support/reply', 'sent', 1, null, false, 0, null, '3EB0C7', null, 30)
        ) as m (bot, chat, recipient, kind, state, priority, topic, odd, redrives, message, external, error, hours)
        returning id"""
    values = {"telegram": telegram, "whatsapp": whatsapp, "address": ADDRESS}
    return [row["id"] for row in connection.execute(query, values).fetchall()]


@pytest.mark.usefixtures("messages")
def test_the_list_says_what_is_unusual(carillon: Carillon) -> None:
    heading, line = carillon("outbox", "list").out.splitlines()

    assert heading.split() == ["id", "queued", "bot", "kind", "to", "state", "notes"]
    assert "-1001" in line
    assert "dead: blocked" in line
    assert "urgent, topic help/7, without markup, parked, maybe twice, redriven 2×, “not today”" in line


@pytest.mark.parametrize(
    ("options", "meant"),
    [
        ([], [0]),
        (["--since", "7d"], [1, 0]),
        (["--since", "7d", "--until", "2h"], [1]),
        (["--since", "7d", "--system", "support"], [1]),
        (["--since", "7d", "--kind", "getcourse/answer"], [0]),
        (["--since", "7d", "--bot", "clinic"], [1]),
        (["--class", "blocked"], [0]),
        (["--class", "odd"], []),
        (["--since", "7d", "--state", "sent"], [1]),
    ],
)
def test_each_option_narrows_the_list(
    carillon: Carillon, messages: list[int], options: list[str], meant: list[int]
) -> None:
    listed = carillon("outbox", "list", *options, "--json").json

    assert [row["id"] for row in listed] == [messages[place] for place in meant]


def test_messages_that_are_named_are_listed_however_old(carillon: Carillon, messages: list[int]) -> None:
    (row,) = carillon("outbox", "list", str(messages[1]), "--json").json

    assert (row["channel"], row["priority"], row["external_id"]) == ("evolution", "normal", "3EB0C7")


def test_a_phone_number_is_shown_only_on_request(carillon: Carillon, messages: list[int]) -> None:
    number = str(messages[1])
    for ran in (
        carillon("outbox", "list", number),
        carillon("outbox", "list", number, "--json"),
        carillon("outbox", "show", number),
        carillon("outbox", "show", number, "--json"),
    ):
        assert "…4321" in ran.out
        assert NUMBER not in ran.out
    assert carillon("outbox", "show", number, "--text", "--json").json["recipient"] == ADDRESS
