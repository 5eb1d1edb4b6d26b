"""Whoever writes to the school's bot, as the school knows them now."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from shared.courses.quiet_hours import QuietHours
from shared.database import sql
from shared.database.pool import Connection
from shared.i18n.texts import Language
from shared.payload import timezones

Role = Literal["user", "curator", "admin"]
Purpose = Literal["processing", "mailings"]

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Person:
    """Somebody in a private chat with the bot: `user_id` None, unless the school knows whose Telegram account it is.

    The role is that of this moment. `now` is local to the school. Without `due_consent` the person has agreed to the
    current text of the processing, and said yes or no to that of mailings.
    """

    bot_id: int
    telegram_id: int
    user_id: int | None
    name: str
    role: Role
    school: str
    language: Language
    timezone: str
    quiet_from: time
    quiet_to: time
    now: datetime
    due_consent: Purpose | None

    def awake_at(self, moment: datetime) -> datetime | None:
        """When the quiet hours end into which a moment falls, in the school's zone; None: it falls into none."""
        deferred = QuietHours(self.quiet_from, self.quiet_to, ZoneInfo(self.timezone)).defer(moment)
        return deferred if deferred > moment else None


async def find(connection: Connection, bot_id: int, telegram_id: int) -> Person | None:
    """The person; None where the bot belongs to no school."""
    row = await sql.fetch_optional(connection, _SQL["find"], {"bot_id": bot_id, "telegram_id": telegram_id})
    if row is None:
        return None
    has_agreed, has_chosen = row.pop("has_agreed"), row.pop("has_chosen")
    due: Purpose | None = None if has_chosen else "mailings"
    zone = timezones.zone(row.pop("timezone"), timezones.OF_SCHOOLS)
    now = row.pop("now").astimezone(zone)
    return Person(**row, timezone=zone.key, now=now, due_consent=due if has_agreed else "processing")


async def match_contact(connection: Connection, person: Person, username: str, phone: str) -> bool:
    """Tie the Telegram account to the one person with this phone who has none yet; whether there is one."""
    parameters = {"telegram_id": person.telegram_id, "username": username or None, "phone": f"+{phone.lstrip('+')}"}
    return (await connection.execute(_SQL["match_contact"], parameters)).rowcount == 1


async def match_invitation(connection: Connection, person: Person, username: str, token_hash: bytes) -> bool:
    """Tie the Telegram account to whomever the invitation is for; whether it is valid."""
    parameters = {"telegram_id": person.telegram_id, "username": username or None, "token_hash": token_hash}
    return (await connection.execute(_SQL["match_invitation"], parameters)).rowcount == 1
