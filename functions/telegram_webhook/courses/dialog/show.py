"""A screen as messages: the card that was pressed is edited, whoever wrote gets a new one."""

import base64
from dataclasses import dataclass
from typing import Any

from functions.telegram_webhook.courses.data import people
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.dialog import dialogs, gates, registry
from functions.telegram_webhook.courses.dialog.buttons import Button
from functions.telegram_webhook.courses.dialog.screen import File, Next, StoredFile, View, may_see
from functions.telegram_webhook.reaction import Reaction
from shared import logs
from shared.channels import telegram_html
from shared.courses import stored_files
from shared.database.pool import Connection
from shared.delivery.enqueue import Message
from shared.delivery.kinds import COURSES_FILE, COURSES_SCREEN, COURSES_SCREEN_EDIT
from shared.i18n.shorten import shorten
from shared.support.outgoing import LinkedMessage

MAX_TOAST = 200  # Telegram takes no more


@dataclass(frozen=True)
class Place:
    """Where a screen is shown: in the message `message_id`, or in a new one; `key` names the update."""

    bot_id: int
    key: str
    message_id: int | None
    album: str = ""


async def show(connection: Connection, person: Person, following: Next, place: Place) -> Reaction:
    """Show the screen that follows, or the one that the person has to pass first."""
    changed = await people.find(connection, place.bot_id, person.telegram_id)  # a press may have changed who they are
    person = changed or person
    others, in_place = following.messages, not following.in_new_message
    following = _gated(person, following)
    shown, view = await _view(connection, person, following)
    notice = following.notice.in_(person.language) if following.notice else ""
    is_edit = place.message_id is not None and in_place and _is_editable(view)
    if notice and not is_edit:
        view = View(f"{notice}\n\n{view.text}", view.rows, view.contact)
    message_id = place.message_id if is_edit else None
    await dialogs.save(connection, person.telegram_id, shown, message_id, place.album)
    logs.info("screen_shown", screen=shown.screen)
    messages = [_message(person, view, place, message_id), *others]
    messages += [_file(person, file, place, number) for number, file in enumerate(following.files)]
    return Reaction([LinkedMessage(message) for message in messages], shorten(notice, MAX_TOAST))


def _gated(person: Person, following: Next) -> Next:
    gate = gates.first_unpassed(person)
    screen = registry.find(following.screen)
    if gate and following.screen != gate:
        return Next(gate, notice=following.notice)
    if screen is None or (not gate and not may_see(person, screen.AUDIENCE)):
        return Next("home", notice=following.notice)
    return following


async def _view(connection: Connection, person: Person, following: Next) -> tuple[Next, View]:
    """What is shown; the way up, where there is no such thing any more."""
    while (screen := registry.find(following.screen)) is not None:
        data = await screen.read(connection, person, following.at)
        if data is not None:
            return following, screen.view(data, person.language)
        following = Next(screen.PARENT)
    raise LookupError(following.screen)


def _is_editable(view: View) -> bool:
    """An edit can neither bring a keyboard nor be split."""
    return not view.contact and telegram_html.length(view.text) <= telegram_html.MAX_TEXT


def payload(view: View) -> dict[str, Any]:
    """A screen as the parameters of a message."""
    return {
        "text": view.text,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": _markup(view),
    }


def _message(person: Person, view: View, place: Place, message_id: int | None) -> Message:
    return Message(
        bot_id=place.bot_id,
        chat_id=person.telegram_id,
        kind=COURSES_SCREEN if message_id is None else COURSES_SCREEN_EDIT,
        method="sendMessage" if message_id is None else "editMessageText",
        dedup_key=f"courses/{'screen' if message_id is None else 'screen-edit'}/{place.key}",
        payload=payload(view) | ({} if message_id is None else {"message_id": message_id}),
        correlation_id=logs.correlation_id.get(),
    )


def _markup(view: View) -> dict[str, Any]:
    if view.contact:
        keyboard = [[{"text": view.contact, "request_contact": True}]]
        return {"keyboard": keyboard, "resize_keyboard": True, "one_time_keyboard": True}
    return {"inline_keyboard": [[_button(button) for button in row] for row in view.rows]}


def _button(button: Button) -> dict[str, str]:
    return {"text": button.text} | ({"url": button.url} if button.url else {"callback_data": button.data})


def _file(person: Person, file: File | StoredFile, place: Place, number: int) -> Message:
    method, field = stored_files.sent_by(file.file_id if isinstance(file, StoredFile) else "")
    return Message(
        bot_id=place.bot_id,
        chat_id=person.telegram_id,
        kind=COURSES_FILE,
        method=method,
        dedup_key=f"courses/file/{place.key}/{number}",
        payload={field: _content(file), "caption": file.caption},
        correlation_id=logs.correlation_id.get(),
    )


def _content(file: File | StoredFile) -> str | dict[str, str]:
    if isinstance(file, StoredFile):
        return file.file_id
    described = {"name": file.name, "mime": file.mime}
    if isinstance(file.content, bytes):
        return {**described, "base64": base64.b64encode(file.content).decode()}
    return {**described, "text": file.content}
