"""What a mentor was told is not told again, whichever release told it, and by whichever it is looked at again."""

import hashlib

from functions.dispatch_notifications.getcourse.notify import create_notifications
from shared.getcourse import notifications
from shared.getcourse.notifications import Notification
from tests.functions.dispatch_notifications.conftest import School
from tests.functions.dispatch_notifications.delivery import Delivery
from tests.helpers.serving import ROOT

DOWN = ROOT / "migrations/versions/0036_row_costs.down.sql"
TEXT = "My answer"


async def test_what_the_release_before_told_is_not_told_again(school: School, delivery: Delivery) -> None:
    event = school.answer("600001", answer_text=TEXT, answer_status="new")
    await create_notifications(delivery.database)
    delivery.connection.execute("update getcourse.notifications set message_hash = %s", (_former_hash(school),))
    _reopen(delivery, event)

    assert await create_notifications(delivery.database) == 1

    assert (
        len(delivery.rows("select from getcourse.notifications"))
        == len(delivery.rows("select from platform.outbox"))
        == 1
    )
    assert delivery.rows("select processed from getcourse.webhook_events") == [{"processed": True}]


async def test_the_release_before_does_not_tell_again_what_this_one_told(school: School, delivery: Delivery) -> None:
    event = school.answer("600001", answer_text=TEXT, answer_status="new")
    await create_notifications(delivery.database)
    of_before = Notification(school.mentor, "answerToLesson", "text", _subject(school), event)

    async with delivery.database.transaction() as connection:
        assert await notifications.add(connection, [of_before]) == {}


async def test_the_way_back_leaves_the_hashes_that_the_release_before_looks_for(
    school: School, delivery: Delivery
) -> None:
    school.answer("600001", answer_text=TEXT, answer_status="new")
    await create_notifications(delivery.database)
    [stored] = delivery.rows("select message_hash from getcourse.notifications")
    assert stored["message_hash"].startswith(f"{school.source}/600001/")

    delivery.connection.execute(DOWN.read_bytes())

    assert delivery.rows("select message_hash from getcourse.notifications") == [{"message_hash": _former_hash(school)}]


async def test_a_notification_is_written_with_its_message(school: School, delivery: Delivery) -> None:
    """Both in one message, which is called after the first."""
    school.answer("600001", answer_text=TEXT)
    school.answer("600002", answer_text=TEXT)

    assert await create_notifications(delivery.database) == 2

    [message] = delivery.rows("select id, dedup_key from platform.outbox")
    told = delivery.rows("select id, outbox_id from getcourse.notifications order by id")
    assert [row["outbox_id"] for row in told] == [message["id"]] * 2
    assert message["dedup_key"] == f"getcourse/notification/{told[0]['id']}"


def _reopen(delivery: Delivery, event: int) -> None:
    delivery.connection.execute(
        "update getcourse.webhook_events set processed = false, processed_at = null where id = %s", (event,)
    )


def _subject(school: School) -> tuple[object, ...]:
    return school.source, "600001", "new", hashlib.md5(TEXT.replace(" ", "").encode()).hexdigest()  # noqa: S324 - no secret


def _former_hash(school: School) -> str:
    parts = ("answerToLesson", school.mentor, *_subject(school))
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()
