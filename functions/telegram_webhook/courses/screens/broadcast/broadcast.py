"""One broadcast: a draft to be completed, or one under way. `at` is its id, and after a dot what is to be confirmed."""

from collections.abc import Awaitable, Callable, Mapping

from functions.telegram_webhook.courses.broadcasts import card, texts
from functions.telegram_webhook.courses.broadcasts.card import Data
from functions.telegram_webhook.courses.data import broadcasts
from functions.telegram_webhook.courses.data.broadcasts import Broadcast
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.dialog.buttons import Pressed
from functions.telegram_webhook.courses.dialog.screen import File, Next, Stale
from functions.telegram_webhook.updates.events import PrivateMessage
from shared import logs
from shared.courses import broadcasts as shared_broadcasts
from shared.courses.broadcasts import Change
from shared.database import sql
from shared.database.pool import Connection
from shared.delivery.enqueue import Message
from shared.delivery.kinds import COURSES_BROADCAST_SAMPLE
from shared.i18n.texts import Text

AUDIENCE, PARENT = "staff", "broadcasts"
MAX_LISTED = 5000  # recipients in a file that the bot sends

CHANGES: Mapping[str, tuple[Change, Text]] = {
    "pause": ("pause", texts.PAUSED),
    "resume": ("resume", texts.RESUMED),
    "cancel": ("cancel", texts.CANCELLED),
    "retry": ("retry", texts.RETRIED),
}

view = card.view


async def read(connection: Connection, person: Person, at: str) -> Data | None:
    """The broadcast as it is now; None: there is none, or somebody else looks after it."""
    identity, _, asked = at.partition(".")
    broadcast = await broadcasts.find(connection, person, buttons.number(identity))
    if broadcast is None or asked not in ("", *texts.ASKED):
        return None
    people = await broadcasts.audience(connection, broadcast) if broadcast.is_draft else {}
    rate = await broadcasts.rate(connection, person)
    awake_at = person.awake_at(broadcast.scheduled_at or person.now) if broadcast.is_draft else None
    return Data(broadcast, person.school, person.timezone, person.now, people, rate, asked, awake_at)


async def press(connection: Connection, person: Person, pressed: Pressed, _at: str) -> Next:
    """Do what the button says; what changes for others was confirmed before, as it was seen."""
    identity, _, revision = pressed.argument.partition(".")
    broadcast = await broadcasts.find(connection, person, buttons.number(identity))
    if broadcast is None:
        raise Stale
    if pressed.action in CHANGES:
        how, notice = CHANGES[pressed.action]
        return _card(broadcast, notice if await broadcasts.change(connection, broadcast, how) else None)
    does = _ACTIONS.get(pressed.action)
    if does is None:
        raise Stale
    return await does(connection, person, broadcast, buttons.number(revision))


async def add(connection: Connection, person: Person, message: PrivateMessage, at: str) -> None:
    """Add a further file of the album with which the draft began."""
    broadcast = await broadcasts.find(connection, person, buttons.number(at.partition(".")[0]))
    if broadcast and message.sent_file:
        await broadcasts.add_file(connection, broadcast, message.sent_file.id)


async def _send(connection: Connection, person: Person, broadcast: Broadcast, revision: int) -> Next:
    people = await broadcasts.audience(connection, broadcast)
    if broadcast.is_draft and not people.get("") and broadcast.scheduled_at is None:
        return _card(broadcast, texts.NOBODY)
    is_confirmed = await broadcasts.confirm(connection, person, broadcast, revision)
    return _card(broadcast, texts.CONFIRMED if is_confirmed else texts.CHANGED_MEANWHILE)


async def _delete(connection: Connection, _person: Person, broadcast: Broadcast, _revision: int) -> Next:
    await broadcasts.delete_draft(connection, broadcast)
    return Next("broadcasts", notice=texts.DRAFT_DELETED if broadcast.is_draft else None)


async def _replace(connection: Connection, person: Person, broadcast: Broadcast, revision: int) -> Next:
    is_replaced = await broadcasts.replace(connection, person, broadcast, revision)
    return _card(broadcast, texts.REPLACED if is_replaced else None)


async def _withdraw(connection: Connection, _person: Person, broadcast: Broadcast, _revision: int) -> Next:
    return _card(broadcast, texts.WITHDRAWN if await broadcasts.withdraw(connection, broadcast) else None)


async def _morning(connection: Connection, person: Person, broadcast: Broadcast, _revision: int) -> Next:
    """Let a draft wait until quiet hours are over."""
    awake_at = person.awake_at(broadcast.scheduled_at or person.now)
    if awake_at is None or not await broadcasts.set_time(connection, broadcast, awake_at):
        raise Stale
    return _card(broadcast, texts.MOVED_TO_MORNING)


async def _sample(_connection: Connection, person: Person, broadcast: Broadcast, _revision: int) -> Next:
    return Next("broadcast", str(broadcast.id), texts.SAMPLE_SENT, messages=(sample(person, broadcast),))


async def _list(connection: Connection, person: Person, broadcast: Broadcast, _revision: int) -> Next:
    """Everybody with what became of them, as a file."""
    parameters = {"id": broadcast.id, "after": 0, "most": MAX_LISTED + 1}
    found = await sql.fetch_all(connection, shared_broadcasts.SQL["recipients"], parameters)
    if len(found) > MAX_LISTED:
        return _card(broadcast, texts.LIST_TOO_LONG)
    listed = shared_broadcasts.to_csv(found)
    file = File(f"broadcast-{broadcast.id}.csv", "text/csv", listed, texts.LIST_CAPTION.in_(person.language))
    return Next("broadcast", str(broadcast.id), files=(file,))


_ACTIONS: Mapping[str, Callable[[Connection, Person, Broadcast, int], Awaitable[Next]]] = {
    "send": _send,
    "delete": _delete,
    "replace": _replace,
    "withdraw": _withdraw,
    "morning": _morning,
    "sample": _sample,
    "list": _list,
}


def sample(person: Person, broadcast: Broadcast) -> Message:
    """The very message that people get, to whoever looks at it."""
    message = broadcasts.message(person, broadcast)
    return Message(
        bot_id=person.bot_id,
        chat_id=person.telegram_id,
        kind=COURSES_BROADCAST_SAMPLE,
        method=message["method"],
        dedup_key=f"courses/broadcast-sample/{broadcast.id}/{logs.correlation_id.get()}",
        payload=message["payload"],
        correlation_id=logs.correlation_id.get(),
    )


def _card(broadcast: Broadcast, notice: Text | None) -> Next:
    return Next("broadcast", str(broadcast.id), notice)
