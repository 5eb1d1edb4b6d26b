"""The card of a handover in the customer's topic: its text, its buttons, its edits."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from typing import Any
from uuid import UUID

from shared.database import sql
from shared.database.pool import Connection
from shared.delivery.enqueue import Message
from shared.delivery.kinds import CARD, CARD_EDIT
from shared.i18n import dates
from shared.i18n.shorten import shorten
from shared.i18n.texts import Language
from shared.payload import timezones
from shared.support import delays, texts, topics, wordless
from shared.support.escalation import TriggerType
from shared.support.mute import HandoverStatus
from shared.support.outgoing import LinkedMessage
from shared.support.state_machine import Transition

MAX_LINES = 6  # messages on a card
MAX_QUOTED = 300  # characters of one of them

_SQL = sql.load(__file__)

_BUTTONS: Mapping[HandoverStatus, Sequence[Transition]] = {
    "pending": ("take", "return_to_bot"),
    "active": ("resolve", "return_to_bot"),
}
_PRESSED: Mapping[str, Transition] = {move: move for row in _BUTTONS.values() for move in row}
_DATA = re.compile(rf"support/({'|'.join(_PRESSED)})/([1-9][0-9]{{0,17}})")
_SPEAKERS = {"user": "👤", "assistant": "🤖", "manager": "🧑‍💼"}


@dataclass(frozen=True)
class Card:
    """What a card shows, and the message that it is."""

    handover_id: UUID
    number: int
    status: HandoverStatus
    trigger_type: TriggerType
    created_at: datetime
    resolved_at: datetime | None
    taken_at: datetime | None
    assigned_to_name: str | None
    closed_by_name: str | None
    was_cancelled: bool
    auto_close_timeout: int
    timezone: str
    language: Language
    name: str | None
    phone: str | None
    user_id: UUID
    telegram_bot_id: int
    telegram_chat_id: int
    telegram_message_id: int | None
    has_account: bool  # what managers and the sweep write reaches the customer
    latest_event: int  # makes each state's edit another message
    lines: Sequence[Mapping[str, Any]]  # role, kind, content and times of the last messages before it was opened


async def load(connection: Connection, handover_ids: Collection[UUID]) -> list[Card]:
    """The cards of handovers whose desk has a group."""
    parameters = {
        "ids": list(handover_ids),
        "lines": MAX_LINES,
        "characters": 4 * MAX_QUOTED,  # spaces become one
        "delay": delays.SHOWN_AFTER.total_seconds(),
    }
    return [Card(**row) for row in await sql.fetch_all(connection, _SQL["load"], parameters)]


async def refreshed(
    connection: Connection, handover_ids: Collection[UUID], correlation_id: str, pressed: int | None = None
) -> list[LinkedMessage]:
    """The edits that bring cards up to date. A card that is not sent yet is edited when it is.

    `pressed` is the message whose button was pressed: a copy of the card, if a crash made one.
    """
    loaded = await load(connection, handover_ids)
    copies = [replace(card, telegram_message_id=pressed) for card in loaded if card.telegram_message_id != pressed]
    sent = [card for card in [*loaded, *copies] if card.telegram_message_id is not None]
    return [LinkedMessage(_edit(card, correlation_id)) for card in sent]


def fresh(card: Card, correlation_id: str, key: str = "card") -> LinkedMessage:
    """The card as a new message in the customer's topic."""
    message = Message(
        bot_id=card.telegram_bot_id,
        chat_id=card.telegram_chat_id,
        topic=topics.topic_of(card.user_id, card.name, card.phone, card.language),
        kind=CARD,
        dedup_key=f"support/handover/{card.handover_id}/{key}",
        payload=_payload(card),
        correlation_id=correlation_id,
    )
    return LinkedMessage(message, card_of=card.handover_id)


def read_press(data: object) -> tuple[Transition, int] | None:
    """The move and the handover's number in a button's callback data; None: it is no button of a card."""
    found = _DATA.fullmatch(data) if isinstance(data, str) else None
    return (_PRESSED[found[1]], int(found[2])) if found else None


def keyboard(status: HandoverStatus, number: int, language: Language) -> dict[str, Any]:
    """The buttons of a card; none when the handover is closed."""
    row = [
        {"text": texts.BUTTONS[move].in_(language), "callback_data": f"support/{move}/{number}"}
        for move in _BUTTONS.get(status, ())
    ]
    return {"inline_keyboard": [row] if row else []}


def text(card: Card) -> str:
    """The card in HTML."""
    known = " · ".join(escape(part) for part in (card.name, card.phone and f"+{card.phone}") if part)
    who, why = known or texts.CUSTOMER.in_(card.language), texts.WHY[card.trigger_type].in_(card.language)
    head = texts.CARD.in_(card.language).format(number=card.number, who=who, why=why)
    lines = "\n".join(_line(card, line) for line in card.lines)
    quote = [f"<blockquote>{lines}</blockquote>"] if lines else []
    return "\n".join([head, *quote, *_state(card)])


def _line(card: Card, line: Mapping[str, Any]) -> str:
    """Who wrote, how late it came if it did, and what; or what it is, if it has no words."""
    written_at, came_at = (_moment(line.get(name)) for name in ("written_at", "came_at"))
    kind = line.get("kind") or "text"
    note = delays.note(kind, written_at, came_at, card.timezone, card.language) if came_at else ""
    words = wordless.readable(kind, line["content"], card.language)
    return f"{_SPEAKERS.get(line['role'], '•')} {note}{escape(_short(words))}"


def _state(card: Card) -> list[str]:
    language, closed_by, closed_at = card.language, _name(card, card.closed_by_name), _clock(card, card.resolved_at)
    taken = f"🧑‍💼 {_name(card, card.assigned_to_name)}, {_clock(card, card.taken_at)}"
    match card.status:
        case "pending":
            return [(texts.PENDING if card.has_account else texts.PENDING_WITHOUT_ACCOUNT).in_(language)]
        case "active":
            return [texts.ACTIVE.in_(language).format(taken=taken)]
        case "resolved":
            return [taken, texts.RESOLVED.in_(language).format(name=closed_by, time=closed_at)]
        case "timeout":
            text = texts.TIMED_OUT if card.has_account else texts.TIMED_OUT_WITHOUT_ACCOUNT
            return [text.in_(language).format(time=closed_at, minutes=card.auto_close_timeout)]
        case _ if card.was_cancelled:
            return [texts.CANCELLED.in_(language).format(time=closed_at)]
        case _:
            returned = texts.RETURNED.in_(language).format(name=closed_by, time=closed_at)
            return [taken, returned] if card.assigned_to_name else [returned]


def _edit(card: Card, correlation_id: str) -> Message:
    return Message(
        bot_id=card.telegram_bot_id,
        chat_id=card.telegram_chat_id,
        kind=CARD_EDIT,
        method="editMessageText",
        dedup_key=f"support/handover/{card.handover_id}/edit/{card.telegram_message_id}/{card.latest_event}",
        payload={"message_id": card.telegram_message_id, **_payload(card)},
        correlation_id=correlation_id,
    )


def _payload(card: Card) -> dict[str, Any]:
    return {"text": text(card), "parse_mode": "HTML", "reply_markup": keyboard(card.status, card.number, card.language)}


def _name(card: Card, name: str | None) -> str:
    return escape(name or texts.SOMEBODY.in_(card.language))


def _clock(card: Card, moment: datetime | None) -> str:
    return dates.clock(moment.astimezone(timezones.zone(card.timezone, timezones.OF_DESKS))) if moment else ""


def _moment(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _short(content: str) -> str:
    return shorten(" ".join(content.split()), MAX_QUOTED)
