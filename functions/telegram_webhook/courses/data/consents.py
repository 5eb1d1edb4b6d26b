"""What people agree to: the current text of each purpose, and what they said."""

from dataclasses import dataclass

from functions.telegram_webhook.courses.data.people import Person, Purpose
from shared.database import sql
from shared.database.pool import Connection
from shared.i18n.texts import Text

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class ConsentText:
    """The school's own words."""

    purpose: Purpose
    version: int
    text: Text


async def current_text(connection: Connection, purpose: Purpose) -> ConsentText | None:
    """The newest text; None: the school has written none."""
    row = await sql.fetch_optional(connection, _SQL["text"], {"purpose": purpose})
    return ConsentText(purpose, row["version"], Text(ru=row["text_ru"], en=row["text_en"])) if row else None


async def withdraw(connection: Connection, telegram_id: int, purpose: Purpose) -> None:
    """End what is in force, if anything is; nothing new is written down of anybody."""
    await connection.execute(_SQL["replace"], {"telegram_id": telegram_id, "purpose": purpose})


async def note(connection: Connection, person: Person, text: ConsentText, *, is_given: bool) -> None:
    """Write down a yes or a no to this text; it ends what was said to that purpose before."""
    parameters = {
        "telegram_id": person.telegram_id,
        "purpose": text.purpose,
        "version": text.version,
        "is_given": is_given,
    }
    await connection.execute(_SQL["replace"], parameters)
    await connection.execute(_SQL["note"], parameters)
