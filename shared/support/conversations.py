"""A conversation as everybody who changes it sees it: locked, with its desk's settings and its newest handover."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shared.database import sql
from shared.database.pool import Connection
from shared.i18n.texts import Language
from shared.payload import timezones
from shared.support import working_time
from shared.support.mute import Bot, HandoverStatus
from shared.support.opt_out import Mutes
from shared.support.reminders import Timeouts
from shared.support.state_machine import OPEN
from shared.support.working_time import WorkingHours

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Desk:
    """A business that rents the support desk, with its settings (support.clients, support.client_settings)."""

    id: UUID
    name: str
    telegram_bot_id: int | None
    telegram_chat_id: int | None
    whatsapp_bot_id: int | None
    owner_telegram_id: str | None
    timeouts: Timeouts
    mutes: Mutes
    escalation_cooldown_minutes: int
    manager_mute_minutes: int
    confidence_threshold: float
    keywords: Sequence[str] | None
    timezone: str
    language: Language  # of its managers and customers
    working_hours: Any
    holidays: Sequence[date]

    @property
    def has_group(self) -> bool:
        """Whether there is a group in which managers can be called."""
        return self.telegram_bot_id is not None and self.telegram_chat_id is not None

    @property
    def hours(self) -> WorkingHours | None:
        """None: always open. Raises ValueError when the table holds no valid hours."""
        zone = timezones.known(self.timezone, timezones.OF_DESKS)
        return working_time.parse(zone, self.working_hours, self.holidays)


@dataclass(frozen=True)
class Handover:
    """A conversation's newest handover."""

    id: UUID
    number: int
    status: HandoverStatus
    created_at: datetime
    resolved_at: datetime | None
    assigned_to_name: str | None
    closed_by_name: str | None
    reminder_1_sent_at: datetime | None
    reminder_2_sent_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it waits for a manager or a manager has it."""
        return self.status in OPEN


@dataclass(frozen=True)
class Conversation:
    """A conversation of one customer with one desk. `heard_position` is the last message that the bot has read."""

    conversation_id: UUID
    user_id: UUID
    name: str | None
    phone: str | None
    recipient: str  # where replies go: the phone, else a business-scoped id, else a hidden number
    moved_to: UUID | None  # the customer that this one turned out to be, whose conversation goes on
    has_topic: bool
    has_manager_reply: bool  # since the open handover was opened
    bot: Bot
    no_count: int
    heard_position: int
    last_message_at: datetime
    handover: Handover | None
    desk: Desk
    now: datetime

    @property
    def open_status(self) -> HandoverStatus | None:
        """The status of the open handover, if there is one."""
        return self.handover.status if self.handover and self.handover.is_open else None


async def lock(connection: Connection, conversation_ids: Collection[UUID]) -> list[Conversation]:
    """The conversations, locked until the caller's transaction ends, in the order of their ids.

    Those whose desk has no settings are left out. Two statements, so that what is read is newer than the lock.
    """
    ids = {"ids": list(conversation_ids)}
    await connection.execute(_SQL["lock"], ids)
    return [_conversation(row) for row in await sql.fetch_all(connection, _SQL["read"], ids)]


def _conversation(row: Mapping[str, Any]) -> Conversation:
    return Conversation(
        conversation_id=row["conversation_id"],
        user_id=row["user_id"],
        name=row["name"],
        phone=row["phone"],
        recipient=row["recipient"],
        moved_to=row["moved_to"],
        has_topic=row["has_topic"],
        has_manager_reply=row["has_manager_reply"],
        bot=Bot(row["bot_status"], row["bot_muted_until"]),
        no_count=row["no_count"],
        heard_position=row["heard_position"],
        last_message_at=row["last_message_at"],
        handover=_handover(row),
        desk=_desk(row),
        now=row["now"],
    )


def _handover(row: Mapping[str, Any]) -> Handover | None:
    if row["handover_id"] is None:
        return None
    return Handover(
        id=row["handover_id"],
        number=row["number"],
        status=row["handover_status"],
        created_at=row["created_at"],
        resolved_at=row["resolved_at"],
        assigned_to_name=row["assigned_to_name"],
        closed_by_name=row["closed_by_name"],
        reminder_1_sent_at=row["reminder_1_sent_at"],
        reminder_2_sent_at=row["reminder_2_sent_at"],
    )


def _desk(row: Mapping[str, Any]) -> Desk:
    return Desk(
        id=row["client_id"],
        name=row["client_name"],
        telegram_bot_id=row["telegram_bot_id"],
        telegram_chat_id=row["telegram_chat_id"],
        whatsapp_bot_id=row["whatsapp_bot_id"],
        owner_telegram_id=row["owner_telegram_id"],
        timeouts=Timeouts(row["reminder_timeout_1"], row["reminder_timeout_2"], row["auto_close_timeout"]),
        mutes=Mutes(row["first_mute_minutes"], row["second_mute_minutes"], row["no_count_reset_minutes"]),
        escalation_cooldown_minutes=row["escalation_cooldown_minutes"],
        manager_mute_minutes=row["manager_mute_minutes"],
        confidence_threshold=row["confidence_threshold"],
        keywords=row["keywords"],
        timezone=row["timezone"],
        language=row["language"],
        working_hours=row["working_hours"],
        holidays=row["holidays"],
    )
