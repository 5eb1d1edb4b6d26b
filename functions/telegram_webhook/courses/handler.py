"""Updates of a school's bot: presses and private messages, each answered by a screen."""

from functions.telegram_webhook import processed_updates
from functions.telegram_webhook import texts as bot_texts
from functions.telegram_webhook.courses import texts
from functions.telegram_webhook.courses.data import people
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.dialog import buttons, dialogs, gates, registry
from functions.telegram_webhook.courses.dialog.dialogs import Dialog
from functions.telegram_webhook.courses.dialog.screen import Next, Stale, extendable, may_see, pressable, writable
from functions.telegram_webhook.courses.dialog.show import Place, show
from functions.telegram_webhook.reaction import NO_REACTION, UNKNOWN_BUTTON, Reaction
from functions.telegram_webhook.starts import start as starts
from functions.telegram_webhook.updates.events import (
    ChatClosed,
    ChatReopened,
    Event,
    Press,
    PrivateEdit,
    PrivateMessage,
)
from shared import logs
from shared.database.pool import Connection
from shared.delivery import chats


async def react(connection: Connection, bot_id: int, event: Event) -> Reaction:
    """Answer whoever presses or writes in a private chat; the bot has no business in groups."""
    match event:
        case Press():
            return await _pressed(connection, bot_id, event)
        case PrivateMessage():
            return await _wrote(connection, bot_id, event)
        case PrivateEdit():
            return await _edited(connection, bot_id, event)
        case ChatReopened():
            return await _came_back(connection, bot_id, event)
        case ChatClosed():
            await chats.block(connection, bot_id, event.chat_id)
    return NO_REACTION


async def _pressed(connection: Connection, bot_id: int, event: Press) -> Reaction:
    """Do what the button wants, if whoever presses may have it; else draw their current screen anew."""
    telegram_id = event.by.telegram_id
    if telegram_id is None or (event.message and event.message.chat_id != telegram_id):
        return UNKNOWN_BUTTON
    person = await people.find(connection, bot_id, telegram_id)
    if person is None:
        return UNKNOWN_BUTTON
    is_new = await processed_updates.mark(connection, bot_id, event.update_id)
    dialog = await dialogs.lock(connection, telegram_id)
    if not is_new:
        return NO_REACTION
    following = await _after_press(connection, person, dialog, event.data)
    pressed = event.message.message_id if event.message and event.in_reach else None
    place = Place(bot_id, f"{bot_id}/{event.update_id}", pressed or (None if event.message else dialog.message_id))
    return await show(connection, person, following, place)


async def _after_press(connection: Connection, person: Person, dialog: Dialog, data: object) -> Next:
    current = Next(dialog.screen, dialog.at, bot_texts.UNKNOWN_BUTTON)
    pressed = buttons.parse(data)
    screen = registry.find(pressed.screen) if pressed else None
    if pressed is None or screen is None or not may_see(person, screen.AUDIENCE):
        return current
    if pressed.action == "open":
        return Next(pressed.screen, pressed.argument)
    does = pressable(screen)
    try:
        return await does.press(connection, person, pressed, dialog.at) if does else current
    except Stale:
        return current


async def _wrote(connection: Connection, bot_id: int, event: PrivateMessage) -> Reaction:
    """Give the words to the screen that takes them; to all others the answer is the current screen."""
    person = await people.find(connection, bot_id, event.chat_id)
    if person is None:
        logs.info("update_ignored", reason="the bot belongs to no school")
        return NO_REACTION
    if not await processed_updates.mark(connection, bot_id, event.update_id):
        return NO_REACTION
    dialog = await dialogs.lock(connection, event.chat_id)
    await starts.come_back(connection, bot_id, event.chat_id)
    if event.album and event.album == dialog.album:  # its first message was answered
        await _add(connection, person, dialog, event)
        return NO_REACTION
    following = await _after_words(connection, person, dialog, event)
    place = Place(bot_id, f"{bot_id}/{event.update_id}", None, event.album)
    return await show(connection, person, following, place)


async def _after_words(connection: Connection, person: Person, dialog: Dialog, event: PrivateMessage) -> Next:
    if event.is_start:
        return await gates.after_start(connection, person, event)
    screen = registry.find(dialog.screen)
    if event.content.text.partition("@")[0] == "/cancel":
        return Next(screen.PARENT if screen else "home")
    takes = writable(screen) if screen and may_see(person, screen.AUDIENCE) else None
    if takes and not event.content.text.startswith("/"):
        return await takes.write(connection, person, event, dialog.at)
    return Next(dialog.screen, dialog.at, texts.ONLY_BUTTONS)


async def _edited(connection: Connection, bot_id: int, event: PrivateEdit) -> Reaction:
    """Edits change nothing; whoever may think so, because the screen takes words, is told."""
    person = await people.find(connection, bot_id, event.chat_id)
    if person is None or not await processed_updates.mark(connection, bot_id, event.update_id):
        return NO_REACTION
    dialog = await dialogs.lock(connection, event.chat_id)
    screen = registry.find(dialog.screen)
    if screen is None or not writable(screen) or not may_see(person, screen.AUDIENCE):
        return NO_REACTION
    following = Next(dialog.screen, dialog.at, texts.EDIT_UNSEEN)
    return await show(connection, person, following, Place(bot_id, f"{bot_id}/{event.update_id}", None))


async def _add(connection: Connection, person: Person, dialog: Dialog, event: PrivateMessage) -> None:
    screen = registry.find(dialog.screen)
    takes = extendable(screen) if screen and may_see(person, screen.AUDIENCE) else None
    if takes:
        await takes.add(connection, person, event, dialog.at)


async def _came_back(connection: Connection, bot_id: int, event: ChatReopened) -> Reaction:
    """Somebody let the bot in again: what waited for them goes out, and the current screen."""
    person = await people.find(connection, bot_id, event.chat_id)
    if person is None:
        return NO_REACTION
    dialog = await dialogs.lock(connection, event.chat_id)
    if not await starts.come_back(connection, bot_id, event.chat_id):
        return NO_REACTION
    following = Next(dialog.screen, dialog.at, bot_texts.CHAT_REOPENED)
    return await show(connection, person, following, Place(bot_id, f"{bot_id}/{logs.correlation_id.get()}", None))
