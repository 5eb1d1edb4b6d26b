"""A press of a card's button: the first one moves the handover, later ones are told its status."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from functions.telegram_webhook import processed_updates
from functions.telegram_webhook.reaction import UNKNOWN_BUTTON, Reaction
from functions.telegram_webhook.support import texts
from functions.telegram_webhook.updates.parse import MessageRef, Press
from shared import logs
from shared.database import sql
from shared.database.pool import Connection
from shared.i18n.shorten import shorten
from shared.i18n.texts import Language
from shared.support import cards, conversations, updates
from shared.support.conversations import Conversation
from shared.support.mute import HandoverStatus
from shared.support.state_machine import Transition
from shared.support.updates import Actor, ConversationUpdate

CARD_UNAVAILABLE = Reaction(toast=texts.CARD_UNAVAILABLE)
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


async def press(connection: Connection, bot_id: int, event: Press) -> Reaction:
    """Make the move if it is legal from the handover's status, and bring the card up to date either way."""
    message, pressed = event.message, cards.read_press(event.data)
    if message is None or pressed is None:
        return CARD_UNAVAILABLE if message is None else UNKNOWN_BUTTON
    move, number = pressed
    card = await _find(connection, bot_id, message, number)
    if card is None:
        return NOT_YOUR_DESK
    is_new = await processed_updates.mark(connection, bot_id, event.update_id)
    locked = await conversations.lock(connection, [card.conversation_id])
    card = await _find(connection, bot_id, message, number)  # what was true before the lock may not be any more
    if card is None or not locked:
        return NOT_YOUR_DESK
    language = locked[0].desk.language
    if not is_new:
        return Reaction(toast=_status_text(card, event.by, language))
    update = _update(locked[0], card, move, event.by)
    await updates.write(connection, [update] if update else [])
    await connection.execute(_SQL["set_card_message"], {"id": card.handover_id, "message_id": message.message_id})
    logs.info("card_pressed", move=move, handover_id=str(card.handover_id), moved=update is not None)
    linked_messages = await cards.refreshed(
        connection, [card.handover_id], logs.correlation_id.get(), message.message_id
    )
    done = texts.DONE[move].in_(language).format(number=number)
    return Reaction(linked_messages, done if update else _status_text(card, event.by, language))


async def _find(connection: Connection, bot_id: int, message: MessageRef, number: int) -> Card | None:
    """The handover with this number, if its desk has this bot in this group."""
    parameters: Mapping[str, Any] = {"number": number, "bot_id": bot_id, "chat_id": message.chat_id}
    row = await sql.fetch_optional(connection, _SQL["find"], parameters)
    return Card(**row) if row else None


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
