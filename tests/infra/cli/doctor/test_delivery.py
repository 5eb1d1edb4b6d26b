"""carillon doctor's lines about messages."""

import psycopg
import pytest
from psycopg.rows import DictRow

from infra.admin.doctor import delivery
from shared.delivery import alert_texts
from shared.delivery.chat_states import STATES
from tests.helpers import arrange
from tests.infra.cli.conftest import Carillon

Connection = psycopg.Connection[DictRow]
Line = tuple[str, str, str]


def message(connection: Connection, bot: int, state: str, error_class: str | None = None, hours: float = 1) -> int:
    """A message that ended so many hours ago, or has waited so long, with its lane."""
    connection.execute(
        "insert into platform.lanes (bot_id, lane, head_due) values (%(bot)s, '5001', case when %(state)s = 'queued'"
        " then now() - make_interval(secs => 3600 * %(hours)s::float8) end) on conflict do nothing",
        {"bot": bot, "state": state, "hours": hours},
    )
    query = """
        insert into platform.outbox (bot_id, chat_id, lane, kind, method, payload, dedup_key, correlation_id, policy,
                                     state, error_class, finished_at)
        values (%s, 5001, '5001', 'getcourse/answer', 'sendMessage', '{}', gen_random_uuid()::text, 'c',
                'at_least_once', %s, %s, now() - make_interval(secs => 3600 * %s::float8)) returning id"""
    values = (bot, state, error_class, None if state == "queued" else hours)
    row = connection.execute(query, values).fetchone()
    assert row is not None
    return int(row["id"])


def findings(carillon: Carillon, check: str) -> list[Line]:
    """Level, finding and next step of each line of a check."""
    report = carillon("doctor", "--offline", "--json").json["findings"]
    assert all(line["next_step"] for line in report if line["status"] != "ok")
    return [(line["status"], line["message"], line["next_step"]) for line in report if line["area"] == check]


def test_a_quiet_outbox_is_in_order(carillon: Carillon) -> None:
    lines = [
        line
        for check in ("outbox", "groups", "dead letters", "chats", "transactions")
        for line in findings(carillon, check)
    ]

    assert [level for level, _, _ in lines] == ["ok"] * 5


@pytest.mark.parametrize(("hours", "level"), [(0.01, "ok"), (0.1, "warning"), (3, "problem")])
def test_the_message_that_has_waited_longest_is_named(
    carillon: Carillon, connection: Connection, hours: float, level: str
) -> None:
    number = message(connection, arrange.bot(connection), "queued", hours=hours)

    ((found, finding, step),) = findings(carillon, "outbox")

    assert found == level
    assert "has waited" in finding
    assert level == "ok" or f"carillon trace outbox:{number}" in step


def test_a_group_that_holds_messages_back_is_named_with_the_remedy(carillon: Carillon, connection: Connection) -> None:
    bot = arrange.bot(connection)
    for _ in range(3):
        message(connection, bot, "queued", "topics_off", hours=2)

    ((level, finding, step),) = findings(carillon, "groups")

    assert level == "problem"
    assert finding.startswith("3 messages wait for")
    assert finding.endswith("for group 5001 of bot school: topics off")
    assert step.startswith("switch on Topics in the group's settings")


def test_every_state_of_a_group_has_a_remedy() -> None:
    assert set(delivery._GROUP_STEPS) == set(STATES)
    assert set(STATES) <= set(alert_texts.PROBLEMS)


def test_failures_of_the_last_day_are_grouped_by_class(carillon: Carillon, connection: Connection) -> None:
    bot = arrange.bot(connection)
    for state, error_class, hours in (
        ("dead", "blocked", 1),
        ("dead", "blocked", 23),
        ("dead", "blocked", 25),
        ("unknown", None, 1),
        ("dead", "odd", 2),
        ("sent", None, 1),
    ):
        message(connection, bot, state, error_class, hours)

    lines = findings(carillon, "dead letters")

    assert [finding for _, finding, _ in lines] == [
        "2 became dead in the last 24 hours: blocked",
        "1 became dead in the last 24 hours: odd",
        "1 became unknown in the last 24 hours: without a class",
    ]
    assert [step.partition("; ")[0] for _, _, step in lines] == [
        "they have to press Start again",
        "look: carillon outbox list --class odd --since 7d",
        "ask whether they arrived",
    ]
    assert lines[2][2].endswith("carillon outbox redrive --state unknown --since 7d")


@pytest.mark.parametrize(("status", "level"), [("paused", "warning"), ("auth_failed", "problem")])
def test_a_stopped_bot_is_reported_with_what_it_holds_back(
    carillon: Carillon, connection: Connection, status: str, level: str
) -> None:
    bot = arrange.bot(connection, status=status)
    for _ in range(2):
        message(connection, bot, "queued", hours=5)

    stopped = findings(carillon, "outbox")

    assert stopped[0][:2] == ("ok", "nothing is due")
    assert stopped[1][:2] == (level, f"2 messages wait for bot school, which is {status}")


def test_blocked_chats_are_counted(carillon: Carillon, connection: Connection) -> None:
    message(connection, arrange.bot(connection), "dead", "blocked")
    connection.execute("update platform.lanes set blocked_at = now(), blocked_class = 'blocked'")

    assert findings(carillon, "chats") == [("ok", "1 cannot be written to until they come back", "")]


@pytest.mark.parametrize(("endless", "level"), [(0.0, "problem"), (600.0, "warning")])
def test_a_transaction_that_nobody_ends_is_reported(
    connection: Connection, direct_url: str, endless: float, level: str
) -> None:
    """Any transaction is a long one here: nobody can begin one an hour ago."""
    with psycopg.connect(direct_url) as forgotten:
        forgotten.execute("select 1")
        (finding,) = delivery.transaction(connection, 0.0, endless)

        assert finding.status == level
        assert f"pg_terminate_backend({forgotten.info.backend_pid})" in finding.next_step
        assert delivery.transaction(connection)[0].status == "ok"
