"""Screens of a school's bot: the dialog knows the message that shows one, and files of our own making arrive."""

from typing import Any

from shared.delivery.enqueue import Message
from shared.delivery.kinds import COURSES_FILE, COURSES_SCREEN, COURSES_SCREEN_EDIT
from tests.functions.dispatch_notifications.delivery import CHAT, Delivery


def dialog(delivery: Delivery) -> None:
    delivery.connection.execute("insert into courses.dialogs (telegram_id) values (%s)", (CHAT,))


def shown_in(delivery: Delivery) -> int | None:
    [row] = delivery.rows("select message_id from courses.dialogs where telegram_id = %s", CHAT)
    found: int | None = row["message_id"]
    return found


def screen(delivery: Delivery, key: str, **more: Any) -> Message:
    return delivery.message(key, kind=COURSES_SCREEN, payload={"text": key, **more})


async def test_the_dialog_knows_the_newest_message_that_shows_a_screen(delivery: Delivery) -> None:
    dialog(delivery)

    await delivery.enqueue(screen(delivery, "one"), screen(delivery, "two"))
    await delivery.tick(seconds=10)

    rows = delivery.rows("select message_id from platform.outbox order by id")
    assert shown_in(delivery) == rows[-1]["message_id"]


async def test_a_screen_in_a_message_that_somebody_deleted_gets_a_new_one_with_the_next_press(
    delivery: Delivery,
) -> None:
    dialog(delivery)
    await delivery.enqueue(screen(delivery, "one"))
    await delivery.tick(seconds=10)
    edit = {"message_id": shown_in(delivery), "text": "two"}
    delivery.fault("editMessageText", times=1, status=400, description="Bad Request: message to edit not found")

    await delivery.enqueue(delivery.message("edit", kind=COURSES_SCREEN_EDIT, method="editMessageText", payload=edit))
    await delivery.tick(seconds=10)

    assert delivery.row("edit")["error_class"] == "message_gone"
    assert shown_in(delivery) is None


async def test_a_file_of_our_own_making_arrives_as_a_document(delivery: Delivery) -> None:
    document = {"name": "schedule.ics", "mime": "text/calendar", "text": "BEGIN:VCALENDAR\r\nX:я\r\n"}
    await delivery.enqueue(
        delivery.message(
            "file", kind=COURSES_FILE, method="sendDocument", payload={"document": document, "caption": "Занятия"}
        )
    )
    await delivery.tick(seconds=10)

    assert delivery.states("file") == ["sent"]
    [stored] = delivery.telegram.telegram.files.values()
    assert stored.content.decode() == document["text"]
