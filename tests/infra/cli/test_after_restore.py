"""carillon db after-restore: what a restored database would do a second time is held, and stays visible.

Three hours ago is before the backup, two hours ago it ended, an hour ago the database was lost.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

from functions.daily_metrics_digest import run as digests
from functions.dispatch_notifications.getcourse import notify
from functions.handover_reminder_sweep import run as sweep
from functions.remind_deadlines import deadlines
from shared.database.pool import Database
from tests.conftest import rows
from tests.functions.handover_reminder_sweep.world import CARD, Request, Waiting
from tests.helpers import arrange, canaries
from tests.helpers.worlds import salon as salons
from tests.helpers.worlds import support as desks
from tests.infra.cli.conftest import Carillon, Ran
from tests.infra.cli.outbox.ended_messages import lane, message

Connection = psycopg.Connection[DictRow]

NOW = datetime.now(UTC)
BEFORE, BACKUP, LOST = (NOW - timedelta(hours=hours) for hours in (3, 2, 1))
GAP = ("--backup-of", BACKUP.isoformat(), "--lost-at", LOST.isoformat())
STATES = "select id, state, error_class from platform.outbox order by id"
TRAINING = "911000001"


def after_restore(carillon: Carillon, *arguments: str) -> Ran:
    return carillon("db", "after-restore", *GAP, *arguments, "--json")


def states(connection: Connection) -> dict[int, str]:
    return {row["id"]: row["state"] for row in rows(connection, STATES)}


def queued(connection: Connection, bot: int, state: str = "queued", **columns: Any) -> int:
    """A message that was queued before the backup and was due then."""
    return message(connection, bot, state, **{"due_at": BEFORE, "error_class": None, **columns})


def test_what_was_due_before_the_loss_is_unknown_and_what_may_be_repeated_goes(
    carillon: Carillon, connection: Connection
) -> None:
    bot = arrange.bot(connection)
    lane(connection, bot, head_due=BEFORE)
    due = queued(connection, bot)
    sending = queued(connection, bot, "sending", send_started_at=BACKUP)
    digest = queued(connection, bot, policy="at_most_once")
    edit = queued(connection, bot, policy="idempotent")
    later = queued(connection, bot, due_at=NOW + timedelta(hours=2))
    new = queued(connection, bot, created_at=NOW, due_at=NOW)
    sent = queued(connection, bot, "sent")

    done = after_restore(carillon, "--yes")

    assert (done.code, done.json["made_unknown"], done.json["paused"]) == (0, 3, ["school"])
    gone = dict.fromkeys((due, sending, digest), "unknown")
    assert states(connection) == {**gone, edit: "queued", later: "queued", new: "queued", sent: "sent"}
    assert {row["error_class"] for row in rows(connection, STATES) if row["state"] == "unknown"} == {"restored"}
    [head] = rows(connection, "select head_due from platform.lanes")
    assert head["head_due"] == BEFORE  # the edit's
    fates = {
        fate: sum(group["messages"] for group in done.json["messages"] if group["fate"] == fate)
        for fate in ("unknown", "repeatable", "not due", "new")
    }
    assert fates == {"unknown": 3, "repeatable": 1, "not due": 1, "new": 1}
    [audit] = rows(connection, "select action, outbox_ids from platform.outbox_audits")
    assert (audit["action"], audit["outbox_ids"]) == ("restore", sorted((due, sending, digest)))


def test_a_second_run_holds_nothing_that_was_released(carillon: Carillon, connection: Connection) -> None:
    bot = arrange.bot(connection)
    due = queued(connection, bot)
    carillon("db", "after-restore", *GAP[:2], "--yes")
    assert carillon("outbox", "redrive", str(due), "--yes", "--even-if-delivered").code == 0

    again = carillon("db", "after-restore", *GAP[:2], "--yes", "--json")

    assert (again.code, again.json["made_unknown"]) == (0, 0)
    [row] = rows(connection, "select state, maybe_duplicate from platform.outbox")
    assert (row["state"], row["maybe_duplicate"]) == ("queued", True)


def test_looking_changes_nothing(carillon: Carillon, connection: Connection) -> None:
    bot = arrange.bot(connection)
    due = queued(connection, bot)

    shown = carillon("db", "after-restore", *GAP, "--dry-run")
    assert (shown.code, "1 message become unknown" in shown.out) == (0, True)
    refused = carillon("db", "after-restore", *GAP, stdin="n\n")
    assert refused.code == 1
    assert states(connection) == {due: "queued"}
    assert [row["status"] for row in rows(connection, "select status from platform.bots")] == ["active"]


@pytest.mark.parametrize("gap", [(LOST, BACKUP), (BACKUP, NOW + timedelta(days=1))])
def test_a_gap_that_cannot_be_is_refused(carillon: Carillon, gap: tuple[datetime, datetime]) -> None:
    refused = carillon(
        "db", "after-restore", "--backup-of", gap[0].isoformat(), "--lost-at", gap[1].isoformat(), "--yes"
    )

    assert (refused.code, "--backup-of" in refused.err) == (1, True)


@pytest.fixture
def school(connection: Connection) -> int:
    """A student's answer that was stored before the backup and not told yet, and a deadline that came near since."""
    arrange.bot(connection)
    mentor = arrange.mentor(connection, email="mentor@example.com", telegram_id=700_000_101)
    student = arrange.student(connection, getcourse_id="512000001", first_name="Вера", last_name=canaries.STUDENT)
    arrange.mapping(connection, student, mentor, TRAINING)
    source = arrange.source(connection)
    connection.execute(
        "insert into getcourse.lessons (getcourse_id, training_id, lesson_title, deadline_at)"
        " values ('334', %s, 'Первые шаги', %s), ('335', %s, 'Вторые шаги', %s)",
        (TRAINING, LOST + timedelta(hours=23), TRAINING, NOW + timedelta(hours=23, minutes=50)),
    )
    return arrange.event(
        connection, source_id=source, user_id="512000001", answer_id="1", answer_training_id=TRAINING,
        answer_lesson_id="333", created_at=BEFORE, next_attempt_at=BEFORE, answer_text=canaries.ANSWER,
    )  # fmt: skip


async def test_answers_and_deadlines_that_were_told_are_not_told_again(
    carillon: Carillon, connection: Connection, database: Database, school: int
) -> None:
    done = await asyncio.to_thread(partial(after_restore, carillon, "--yes"))

    assert (done.code, done.json["held"]["answers"], done.json["held"]["deadline_reminders"]) == (0, 1, 1)
    assert await notify.create_notifications(database) == 0
    async with database.transaction() as transaction:
        assert await deadlines.remind(transaction, "c" * 32) == 1  # came near after the loss
    [text] = [row["text"] for row in rows(connection, "select payload ->> 'text' as text from platform.outbox")]
    assert "Вторые шаги" in text
    waiting = rows(connection, "select id, error_message from getcourse.v_pending_webhooks")
    assert [(row["id"], row["error_message"]) for row in waiting] == [(school, "restored")]
    # The operator knows that nobody was told: it goes.
    await asyncio.to_thread(partial(carillon, "replay", "--since", "1d"))
    assert await notify.create_notifications(database) == 1


async def test_no_customer_hears_an_apology_for_a_request_that_may_be_solved(
    carillon: Carillon, connection: Connection, database: Database
) -> None:
    waiting = Waiting(connection, desks.desk(connection))
    pending = waiting.request(180)
    taken = waiting.request(180)
    connection.execute(
        "update support.handovers set status = 'active', assigned_to_name = 'Дана', remind_at = null where id = %s",
        (taken.id,),
    )
    unanswered = desks.conversation(
        connection,
        waiting.desk,
        "77029999999@s.whatsapp.net",
        answer_due_at=BEFORE,
        last_message_at=BEFORE,
        heard_position=0,
    )

    done = await asyncio.to_thread(partial(after_restore, carillon, "--yes"))
    held = done.json["held"]
    assert (done.code, held["requests_for_a_person"], held["unanswered_customers"]) == (0, 1, 1)
    assert (await sweep.run(database, 20, "c" * 32))["done"] == 0
    _assert_held(waiting, pending, taken)
    [conversation] = rows(connection, "select answer_due_at from support.conversations where id = %s", unanswered)
    assert conversation["answer_due_at"] is None
    # Their cards get back the buttons that they may have lost, once.
    await asyncio.to_thread(partial(after_restore, carillon, "--yes"))
    edits = rows(connection, "select kind, policy, payload ->> 'message_id' as message from platform.outbox")
    assert [(edit["kind"], edit["policy"], edit["message"]) for edit in edits] == [
        ("support/card-edit", "idempotent", str(CARD))
    ] * 2


def _assert_held(waiting: Waiting, pending: Request, taken: Request) -> None:
    assert [waiting.row(request)["status"] for request in (pending, taken)] == ["pending", "active"]
    assert waiting.row(pending)["remind_at"] is None


async def test_a_digest_whose_hour_had_come_is_not_sent_again_and_the_others_are(
    carillon: Carillon, connection: Connection, database: Database
) -> None:
    zone = f"Etc/GMT{NOW.hour - 12:+d}"  # where it is noon
    told = salons.salon(connection, "told", timezone=zone, digest_hour=11)
    due = salons.salon(connection, "due", timezone=zone, digest_hour=12)

    done = await asyncio.to_thread(partial(after_restore, carillon, "--yes"))

    assert (done.code, done.json["held"]["digests"]) == (0, 1)
    await digests.run_digests(database, time.monotonic() + 20, "c" * 32, NOW)
    assert [len(salon.digests()) for salon in (told, due)] == [0, 1]
