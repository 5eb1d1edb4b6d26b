"""carillon outbox redrive and cancel: what failed is sent again, what waits is not sent, and somebody did it."""

from datetime import UTC, datetime

import pytest

from infra.admin.outbox.changes import BATCH_SIZE
from tests.conftest import rows
from tests.helpers import arrange
from tests.infra.cli.conftest import Carillon
from tests.infra.cli.outbox.ended_messages import WAITING, Connection, changed, lane, message


def test_a_dead_message_begins_anew_and_its_lane_is_there_again(carillon: Carillon, connection: Connection) -> None:
    """Housekeeping has taken the lane away."""
    dead = message(connection, arrange.bot(connection))
    before = datetime.now(UTC)

    assert changed(carillon("outbox", "redrive", str(dead), "--yes", "--json")) == [dead]

    (row,) = rows(connection, "select * from platform.outbox")
    assert (row["state"], row["attempt"], row["redrives"], row["maybe_duplicate"]) == ("queued", 0, 1, False)
    assert (row["error_class"], row["finished_at"]) == (None, None)
    assert row["due_at"] >= before
    assert (row["expires_at"] - row["due_at"]).total_seconds() == pytest.approx(3 * 3600, abs=1)
    (found,) = rows(connection, "select lane, chat, head_due from platform.lanes")
    assert found == {"lane": "5001", "chat": None, "head_due": row["due_at"]}


def test_a_second_redrive_gives_the_same_time_as_the_first(carillon: Carillon, connection: Connection) -> None:
    dead = message(connection, arrange.bot(connection))
    carillon("outbox", "redrive", str(dead), "--yes")
    connection.execute("""
        update platform.outbox
        set state = 'dead', finished_at = now(), expires_at = expires_at - interval '20 days'""")
    with arrange.unchecked(connection):
        connection.execute("update platform.outbox_audits set at = at - interval '20 days'")
    carillon("outbox", "redrive", str(dead), "--yes")

    (row,) = rows(connection, "select redrives, extract(epoch from expires_at - due_at) as lives from platform.outbox")
    assert row["redrives"] == 2
    assert float(row["lives"]) == pytest.approx(3 * 3600, abs=1)


def test_redriving_twice_changes_nothing_more(carillon: Carillon, connection: Connection) -> None:
    dead = message(connection, arrange.bot(connection))
    carillon("outbox", "redrive", str(dead), "--yes")
    once = rows(connection, "select * from platform.outbox")

    again = carillon("outbox", "redrive", str(dead), "--yes")

    assert "there is nothing to redrive" in again.out
    assert "1 message left: waiting already" in again.out
    assert rows(connection, "select * from platform.outbox") == once
    assert len(rows(connection, "select from platform.outbox_audits")) == 1


def test_a_redrive_is_audited_with_who_what_and_which(carillon: Carillon, connection: Connection) -> None:
    bot = arrange.bot(connection)
    blocked = [message(connection, bot), message(connection, bot)]
    message(connection, bot, error_class="exhausted")

    assert changed(carillon("outbox", "redrive", "--class", "blocked", "--yes", "--json")) == blocked

    (audit,) = rows(connection, "select * from platform.outbox_audits")
    assert (audit["action"], audit["outbox_ids"], audit["selection"]["error_class"]) == ("redrive", blocked, "blocked")
    (owner,) = rows(connection, "select session_user::text as name")
    assert audit["actor"].endswith(f" as {owner['name']}")


@pytest.mark.parametrize(
    ("options", "meant"),
    [
        (["--class", "blocked"], [0, 4]),
        (["--system", "courses"], [1]),
        (["--kind", "getcourse/deadline"], [2]),
        (["--bot", "other"], [3]),
        (["--since", "4h"], [0, 2, 3]),
        (["--until", "5h"], [1]),
        (["--state", "cancelled"], [4]),
        (["--state", "dead"], [0, 1, 2, 3]),
    ],
)
def test_each_option_narrows_the_selection(
    carillon: Carillon, connection: Connection, options: list[str], meant: list[int]
) -> None:
    bot, other = arrange.bot(connection), arrange.bot(connection, "other", "7000000002:" + "x" * 35)
    old = rows(connection, "select now() - interval '6 hours' as at")[0]["at"]
    ids = [
        message(connection, bot),
        message(connection, bot, kind="courses/digest", created_at=old, error_class="exhausted"),
        message(connection, bot, kind="getcourse/deadline", error_class="exhausted"),
        message(connection, other, error_class="exhausted"),
        message(connection, bot, "cancelled", error_class="blocked"),
    ]

    assert changed(carillon("outbox", "redrive", *options, "--yes", "--json")) == [ids[place] for place in meant]


@pytest.mark.parametrize("action", ["redrive", "cancel"])
def test_all_of_history_is_never_meant(carillon: Carillon, connection: Connection, action: str) -> None:
    message(connection, arrange.bot(connection))

    refused = carillon("outbox", action, "--yes")

    assert refused.code == 1
    assert "narrow it down" in refused.err


def test_many_messages_are_changed_in_batches_and_each_is_audited(carillon: Carillon, connection: Connection) -> None:
    message(connection, arrange.bot(connection))
    connection.execute(
        """
        insert into platform.outbox (bot_id, chat_id, lane, kind, method, payload, dedup_key, correlation_id, policy,
                                     state, error_class, finished_at)
        select bot_id, chat_id + mod(n, 50), chat_id + mod(n, 50), kind, method, payload, 'test/' || n,
               correlation_id, policy, state, error_class, now()
        from platform.outbox, generate_series(1, %s) n""",
        (2 * BATCH_SIZE,),
    )

    assert len(changed(carillon("outbox", "redrive", "--class", "blocked", "--yes", "--json"))) == 2 * BATCH_SIZE + 1
    audits = rows(connection, "select cardinality(outbox_ids) as messages from platform.outbox_audits order by id")
    assert [audit["messages"] for audit in audits] == [BATCH_SIZE, BATCH_SIZE, 1]
    assert rows(connection, "select count(*) as lanes, count(head_due) as full from platform.lanes") == [
        {"lanes": 50, "full": 50}
    ]


def test_an_unknown_bot_is_refused(carillon: Carillon) -> None:
    refused = carillon("outbox", "redrive", "--bot", "nobody", "--yes")

    assert (refused.code, "carillon bots list" in refused.err) == (1, True)


def test_nothing_happens_before_somebody_says_yes(carillon: Carillon, connection: Connection) -> None:
    dead = str(message(connection, arrange.bot(connection)))

    for arguments, answer in ((["--dry-run"], ""), (["--dry-run", "--yes"], ""), ([], "n\n")):
        carillon("outbox", "redrive", dead, *arguments, stdin=answer)
        assert rows(connection, WAITING)[0]["state"] == "dead"
    assert carillon("outbox", "redrive", dead, stdin="y\n").code == 0
    assert rows(connection, WAITING)[0]["state"] == "queued"


def test_what_may_have_arrived_is_asked_about_twice(carillon: Carillon, connection: Connection) -> None:
    unknown = message(connection, arrange.bot(connection), "unknown", error_class="crashed")
    refused = carillon("outbox", "redrive", str(unknown), "--yes")
    hesitant = carillon("outbox", "redrive", str(unknown), stdin="y\nn\n")

    assert (refused.code, hesitant.code) == (1, 1)
    assert "--even-if-delivered" in refused.err
    assert "may have arrived, and would arrive twice" in hesitant.out
    assert rows(connection, WAITING)[0]["state"] == "unknown"

    assert changed(carillon("outbox", "redrive", str(unknown), "--yes", "--even-if-delivered", "--json")) == [unknown]
    (row,) = rows(connection, WAITING)
    assert (row["state"], row["maybe_duplicate"]) == ("queued", True)


def test_a_dead_message_of_which_a_copy_may_exist_keeps_its_mark(carillon: Carillon, connection: Connection) -> None:
    dead = message(connection, arrange.bot(connection), maybe_duplicate=True)

    assert carillon("outbox", "redrive", str(dead), "--yes").code == 1
    assert changed(carillon("outbox", "redrive", str(dead), "--yes", "--even-if-delivered", "--json")) == [dead]
    assert rows(connection, WAITING)[0]["maybe_duplicate"] is True


def test_what_waits_is_cancelled_and_the_next_one_is_its_lanes_head(carillon: Carillon, connection: Connection) -> None:
    bot = arrange.bot(connection)
    first = message(connection, bot, "queued")
    second = message(connection, bot, "queued", due_at="2100-01-01 00:00+00", priority=2)
    lane(connection, bot, head_due="now")

    assert changed(carillon("outbox", "cancel", str(first), "--yes", "--json")) == [first]

    (head,) = rows(connection, "select head_due, priority from platform.lanes")
    assert (head["head_due"].year, head["priority"]) == (2100, 2)
    states = [(row["id"], row["state"], row["error_class"]) for row in rows(connection, WAITING)]
    assert states == [(first, "cancelled", "by_hand"), (second, "queued", None)]
    assert changed(carillon("outbox", "cancel", str(second), "--yes", "--json")) == [second]
    assert rows(connection, "select head_due from platform.lanes") == [{"head_due": None}]


def test_what_is_being_sent_is_left_and_counted(carillon: Carillon, connection: Connection) -> None:
    bot = arrange.bot(connection)
    sending, queued = message(connection, bot, "sending"), message(connection, bot, "queued")
    lane(connection, bot, head_due="now")

    ran = carillon("outbox", "cancel", "--kind", "getcourse/answer", "--yes")

    assert "1 message left: being sent just now" in ran.out
    states = {row["id"]: row["state"] for row in rows(connection, WAITING)}
    assert states == {sending: "sending", queued: "cancelled"}
    assert changed(carillon("outbox", "cancel", "--kind", "getcourse/answer", "--yes", "--json")) == []
    assert len(rows(connection, "select from platform.outbox_audits")) == 1


def test_the_systems_own_table_is_updated_by_both(carillon: Carillon, connection: Connection) -> None:
    dead = message(connection, arrange.bot(connection))
    connection.execute(
        "insert into getcourse.notifications (mentor_id, type, message, message_hash, status, outbox_id)"
        " values (%s, 'answerToLesson', 'm', 'h', 'failed', %s)",
        (arrange.mentor(connection, getcourse_id="21"), dead),
    )
    statuses = []
    for action in ("redrive", "cancel", "redrive"):
        carillon("outbox", action, str(dead), "--yes")
        statuses += rows(connection, "select status from getcourse.notifications")

    assert [row["status"] for row in statuses] == ["pending", "cancelled", "pending"]
