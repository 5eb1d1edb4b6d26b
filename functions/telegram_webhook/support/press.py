"""A press of a card's button: who is first has it, everybody else is told how it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from functions.telegram_webhook import processed_updates
from functions.telegram_webhook.reaction import Effect
from functions.telegram_webhook.updates.parse import Place, Press
from shared import logs
from shared.database import sql
from shared.database.pool import Connection
from shared.support import cards, conversations, updates
from shared.support.conversations import Talk
from shared.support.mute import HandoverStatus
from shared.support.state_machine import Move
from shared.support.updates import Change, Person

OUT_OF_REACH = Effect(toast="Карточка устарела")
UNKNOWN = Effect(toast="Эта кнопка больше не действует")
FOREIGN = Effect(toast="Эта кнопка не от этой заявки")

_DONE: Mapping[Move, str] = {
    "take": "Вы взяли заявку № {}",
    "resolve": "Заявка № {} решена",
    "return_to_bot": "Заявка № {} снова у бота",
}
_STANDS: Mapping[HandoverStatus, str] = {
    "pending": "Сначала возьмите заявку: «✋ Беру»",
    "resolved": "Уже решена",
    "timeout": "Закрыта: никто не взял вовремя",
    "bot_handling": "Уже у бота",
}

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Card:
    """How the handover of a pressed card stands."""

    handover_id: UUID
    conversation_id: UUID
    status: HandoverStatus
    assigned_to_id: int | None
    assigned_to_name: str | None


async def press(connection: Connection, bot_id: int, event: Press) -> Effect:
    """Make the move if it is legal from where the handover stands; a card that shows something else is put right."""
    place, pressed = event.place, cards.read_press(event.data)
    if place is None or pressed is None:
        return OUT_OF_REACH if place is None else UNKNOWN
    move, number = pressed
    card = await _find(connection, bot_id, place, number)
    if card is None:
        return FOREIGN
    is_new = await processed_updates.note(connection, bot_id, event.update_id)
    locked = await conversations.lock(connection, [card.conversation_id])
    card = await _find(connection, bot_id, place, number)  # what was true before the lock may not be any more
    if card is None or not locked:
        return FOREIGN
    if not is_new:
        return Effect(toast=_stands(card, event.by))
    change = _change(locked[0], card, move, event.by)
    await updates.write(connection, [change] if change else [])
    await connection.execute(_SQL["hang"], {"id": card.handover_id, "message_id": place.message_id})
    logs.info("card_pressed", move=move, handover_id=str(card.handover_id), moved=change is not None)
    letters = await cards.refreshed(connection, [card.handover_id], logs.correlation_id.get(), place.message_id)
    return Effect(letters, _DONE[move].format(number) if change else _stands(card, event.by))


async def _find(connection: Connection, bot_id: int, place: Place, number: int) -> Card | None:
    """The handover with this number, if it is one of this bot's in this group."""
    parameters: Mapping[str, Any] = {"number": number, "bot_id": bot_id, "chat_id": place.chat_id}
    row = await (await connection.execute(_SQL["find"], parameters)).fetchone()
    return Card(**row) if row else None


def _change(talk: Talk, card: Card, move: Move, by: Person) -> Change | None:
    """Only a conversation's newest handover moves: older ones are history."""
    if talk.handover is None or talk.handover.id != card.handover_id:
        return None
    return updates.after_move(talk, move, by)


def _stands(card: Card, by: Person) -> str:
    if card.status != "active":
        return _STANDS[card.status]
    is_theirs = by.telegram_id is not None and by.telegram_id == card.assigned_to_id
    return "Вы уже взяли её" if is_theirs else f"Уже взял(а) {card.assigned_to_name}"[:200]
