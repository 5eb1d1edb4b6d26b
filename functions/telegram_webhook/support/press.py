"""A press of a card's button: the first one moves the handover, later ones are told its status."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from functions.telegram_webhook import members, processed_updates
from functions.telegram_webhook.reaction import UNKNOWN_BUTTON, Reaction
from functions.telegram_webhook.support import texts
from functions.telegram_webhook.updates.events import MessageRef, Press
from shared import logs
from shared.database import sql
from shared.database.pool import Connection
from shared.i18n.shorten import shorten
from shared.i18n.texts import Language
from shared.support import cards, conversations, updates
from shared.support.actor import Actor
from shared.support.conversations import Conversation
from shared.support.mute import HandoverStatus
from shared.support.outgoing import LinkedMessage
from shared.support.state_machine import Transition
from shared.support.updates import ConversationUpdate

NOT_A_MEMBER = Reaction(toast=texts.NOT_A_MEMBER)
NOT_YOUR_DESK = Reaction(toast=texts.NOT_YOUR_DESK)
MAX_TOAST = 200  # Telegram takes no more

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Card:
    """The handover of a pressed card."""

    handover_id: UUID
    conversation_id: UUID
    status: HandoverStatus
    assigned_to_id: int | None
    assigned_to_name: str | None
    chat_id: int


async def press(connection: Connection, bot_id: int, event: Press) -> Reaction:
    """Make the move if it is legal from the handover's status, and bring the card up to date either way."""
    pressed = cards.read_press(event.data)
    if pressed is None:
        return await _redraw(connection, bot_id, event.message)
    move, number = pressed
    card = await _find(connection, bot_id, event, number)
    if isinstance(card, Reaction):
        return card
    is_new = await processed_updates.mark(connection, bot_id, event.update_id)
    locked = await conversations.lock(connection, [card.conversation_id])
    card = await _find(connection, bot_id, event, number)  # what was true before the lock may not be any more
    if isinstance(card, Reaction) or not locked:
        return NOT_YOUR_DESK
    await members.remember(connection, bot_id, card.chat_id, event.by)
    language = locked[0].desk.language
    if not is_new:
        return Reaction(toast=_status_text(card, event.by, language))
    update = _update(locked[0], card, move, event.by)
    await updates.write(connection, [update] if update else [])
    linked_messages = await _refreshed(connection, card.handover_id, event)
    logs.info("card_pressed", move=move, handover_id=str(card.handover_id), moved=update is not None)
    done = texts.DONE[move].in_(language).format(number=number)
    return Reaction(linked_messages, done if update else _status_text(card, event.by, language))


async def _refreshed(connection: Connection, handover_id: UUID, event: Press) -> list[LinkedMessage]:
    """The edits of the card, and of the message that was pressed if the bot reaches it."""
    message_id = event.message.message_id if event.message else None
    if message_id is not None:
        await connection.execute(_SQL["set_card_message"], {"id": handover_id, "message_id": message_id})
    pressed = message_id if event.in_reach else None
    return await cards.refreshed(connection, [handover_id], logs.correlation_id.get(), pressed)


async def _redraw(connection: Connection, bot_id: int, message: MessageRef | None) -> Reaction:
    """A button of ours does not look like this any more: show the card as it is now, with the buttons that work."""
    if message is None:
        return UNKNOWN_BUTTON
    parameters = {"bot_id": bot_id, "chat_id": message.chat_id, "message_id": message.message_id}
    rows = await sql.fetch_all(connection, _SQL["find_by_message"], parameters)
    edits = await cards.refreshed(connection, [row["id"] for row in rows], logs.correlation_id.get())
    return Reaction(edits, UNKNOWN_BUTTON.toast)


async def _find(connection: Connection, bot_id: int, event: Press, number: int) -> Card | Reaction:
    """The handover with this number, if its desk has this bot in the group of the press; else what is answered.

    A press without a message names no group: then the group of the handover's desk counts, and its people.
    """
    chat_id = event.message.chat_id if event.message else None
    parameters: Mapping[str, Any] = {"number": number, "bot_id": bot_id, "chat_id": chat_id}
    row = await sql.fetch_optional(connection, _SQL["find"], parameters)
    if row is None:
        return NOT_YOUR_DESK
    card = Card(**row)
    if event.message is None and not await members.may_press(connection, bot_id, card.chat_id, event.by):
        return NOT_A_MEMBER
    return card


def _update(conversation: Conversation, card: Card, move: Transition, by: Actor) -> ConversationUpdate | None:
    """Only a conversation's newest handover moves: older ones are history."""
    if conversation.handover is None or conversation.handover.id != card.handover_id:
        return None
    return updates.from_transition(conversation, move, by)


def _status_text(card: Card, by: Actor, language: Language) -> str:
    if card.status != "active":
        return texts.STATUSES[card.status].in_(language)
    if by.telegram_id is not None and by.telegram_id == card.assigned_to_id:
        return texts.TAKEN_BY_YOU.in_(language)
    return shorten(texts.TAKEN.in_(language).format(name=card.assigned_to_name), MAX_TOAST)
