"""A school's bot: the dialog knows the message that shows a screen, files arrive, homework says whether it did."""

import base64
from typing import Any

import pytest

from shared.delivery.enqueue import Message
from shared.delivery.kinds import (
    COURSES_FILE,
    COURSES_HOMEWORK,
    COURSES_REMINDER,
    COURSES_SCREEN,
    COURSES_SCREEN_EDIT,
)
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


@pytest.mark.parametrize(
    "content", ["BEGIN:VCALENDAR\r\nX:я\r\n".encode(), b"PK\x03\x04\xff\x00"], ids=["text", "bytes"]
)
async def test_a_file_of_our_own_making_arrives_as_a_document(delivery: Delivery, content: bytes) -> None:
    document = {"name": "file.bin", "mime": "application/octet-stream"}
    document |= {"base64": base64.b64encode(content).decode()} if b"\xff" in content else {"text": content.decode()}
    await delivery.enqueue(
        delivery.message(
            "file", kind=COURSES_FILE, method="sendDocument", payload={"document": document, "caption": "Занятия"}
        )
    )
    await delivery.tick(seconds=10)

    assert delivery.states("file") == ["sent"]
    [stored] = delivery.telegram.telegram.files.values()
    assert stored.content == content


def homework(delivery: Delivery, status: str = "present") -> int:
    """A link that is on its way to somebody of whom this was noted; its row."""
    [user] = delivery.rows("insert into courses.users (telegram_id) values (%s) returning id", CHAT)
    [session] = delivery.rows("insert into courses.sessions (start_date) values (current_date) returning id")
    delivery.connection.execute(
        "insert into courses.attendance (user_id, session_id, status) values (%s, %s, %s)",
        (user["id"], session["id"], status),
    )
    [row] = delivery.rows(
        """insert into courses.homework_delivery (session_id, user_id, link)
           values (%s, %s, 'https://example.com') returning id""",
        session["id"], user["id"],
    )  # fmt: skip
    found: int = row["id"]
    return found


async def enqueue_homework(delivery: Delivery, row: int) -> str:
    key, payload = f"courses/homework/{row}", {"text": "Ссылка"}
    await delivery.enqueue(delivery.message(key, kind=COURSES_HOMEWORK, payload=payload, guard={"delivery_id": row}))
    return key


@pytest.mark.parametrize("description", [None, "Forbidden: bot was blocked by the user", "Bad Request: chat not found"])
async def test_homework_says_when_it_arrived_or_why_it_did_not(delivery: Delivery, description: str | None) -> None:
    row = homework(delivery)
    if description:
        delivery.fault(
            "sendMessage", times=1, status=400 if description.startswith("Bad") else 403, description=description
        )
    key = await enqueue_homework(delivery, row)

    await delivery.tick(seconds=10)

    [found] = delivery.rows("select sent_at, error from courses.homework_delivery where id = %s", row)
    sent = delivery.row(key)
    assert found["sent_at"] == (None if description else sent["finished_at"])
    assert found["error"] == sent["error_class"]
    assert bool(found["error"]) == bool(description)


async def test_homework_goes_to_nobody_who_turns_out_not_to_have_been_there(delivery: Delivery) -> None:
    row = homework(delivery, "absent")
    key = await enqueue_homework(delivery, row)

    await delivery.tick(seconds=10)

    [found] = delivery.rows("select sent_at, error from courses.homework_delivery where id = %s", row)
    assert delivery.states(key) == ["cancelled"]
    assert (found["sent_at"], bool(found["error"])) == (None, True)


@pytest.mark.parametrize(
    ("status", "description", "alerts"),
    [(403, "Forbidden: bot was blocked by the user", 0), (400, "Bad Request: BUTTON_DATA_INVALID", 1)],
)
async def test_nobody_is_alarmed_by_a_participant_who_has_closed_the_chat(
    delivery: Delivery, status: int, description: str, alerts: int
) -> None:
    delivery.set_bot(alert_chat_id=-1_001_500_000_799)
    delivery.fault("sendMessage", chat_id=CHAT, times=1, status=status, description=description)

    await delivery.enqueue(delivery.message("reminder", kind=COURSES_REMINDER))
    await delivery.tick(seconds=10)

    assert delivery.row("reminder")["state"] == "dead"
    assert len(delivery.rows("select id from platform.outbox where kind = 'platform/alert'")) == alerts
