"""The homework of a session: staff write its link, and a press sends it to all who attended. `at` is the session."""

import re
from html import escape

from functions.telegram_webhook.courses import formats, homework_texts
from functions.telegram_webhook.courses.data import homework
from functions.telegram_webhook.courses.data.homework import Delivery, Homework
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.dialog.buttons import Button, Pressed
from functions.telegram_webhook.courses.dialog.screen import Next, Stale, View
from functions.telegram_webhook.updates.events import PrivateMessage
from shared import logs
from shared.database.pool import Connection
from shared.delivery.enqueue import Message
from shared.delivery.kinds import COURSES_HOMEWORK
from shared.i18n.shorten import shorten
from shared.i18n.texts import Language, Text

AUDIENCE, PARENT = "staff", "held_sessions"
MAX_TITLE = 200  # one message: its row is found by the message's own key

_LINK = re.compile(r"https?://[^\s<>\"]{3,490}", re.IGNORECASE)


async def read(connection: Connection, person: Person, at: str) -> Homework | None:
    """How far it came; None: there is no such session, or it has not begun."""
    return await homework.find(connection, person, buttons.number(at))


def view(data: Homework, language: Language) -> View:
    """The link, the counts, and a button for those who do not have it."""
    when = formats.day(data.start_date, None, None, language)
    title = homework_texts.HOMEWORK.in_(language)
    lines = [f"<b>{title}</b>", f"{formats.title(data.title, language)}, {when}", ""]
    if data.link is None:
        lines.append(homework_texts.WRITE_THE_LINK.in_(language))
    else:
        lines += [escape(data.link), "", homework_texts.COUNTS.in_(language).format(**vars(data))]
        if data.failed:
            lines.append(homework_texts.FAILED.in_(language).format(count=data.failed))
        if data.out_of_reach:
            lines.append(homework_texts.OUT_OF_REACH.in_(language).format(count=data.out_of_reach))
        lines += ["", homework_texts.CHANGE_THE_LINK.in_(language)]
    text = homework_texts.SEND.in_(language).format(count=data.to_send)
    send = ((Button(text, buttons.data("homework", "send", data.id)),),) if data.link and data.to_send else ()
    return View("\n".join(lines), (*send, buttons.back(language, "attendance", data.id, 0)))


async def write(connection: Connection, person: Person, message: PrivateMessage, at: str) -> Next:
    """Note the link."""
    link = message.content.text.strip()
    if not _LINK.fullmatch(link):
        return Next("homework", at, homework_texts.NO_LINK)
    is_noted = await homework.set_link(connection, person, buttons.number(at), link)
    return Next("homework", at, homework_texts.LINK_NOTED if is_noted else None)


async def press(connection: Connection, person: Person, pressed: Pressed, _at: str) -> Next:
    """Send the link."""
    found = await homework.find(connection, person, buttons.number(pressed.argument))
    if pressed.action != "send" or found is None or found.link is None:
        raise Stale
    deliveries = await homework.plan(connection, person, found.id)
    if not deliveries:
        return Next("homework", pressed.argument)
    count = len(deliveries)
    notice = Text(
        ru=homework_texts.ON_ITS_WAY.ru.format(count=count), en=homework_texts.ON_ITS_WAY.en.format(count=count)
    )
    messages = [_message(person, found, delivery) for delivery in deliveries]
    return Next("homework", pressed.argument, notice, messages=messages)


def _message(by: Person, of: Homework, delivery: Delivery) -> Message:
    language = by.language  # the school's
    title = formats.title(shorten(of.title or "", MAX_TITLE), language)
    session = f"{title}, {formats.day(of.start_date, None, None, language)}"
    text = homework_texts.MESSAGE.in_(language).format(session=session, link=escape(of.link or ""))
    return Message(
        bot_id=by.bot_id,
        chat_id=delivery.telegram_id,
        kind=COURSES_HOMEWORK,
        dedup_key=f"courses/homework/{delivery.id}",
        payload={"text": text, "parse_mode": "HTML"},
        correlation_id=logs.correlation_id.get(),
        guard={"delivery_id": delivery.id},
    )
