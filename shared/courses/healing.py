"""Places of healing sessions: who comes up is offered one for some time, and after that the next is.

A place is taken by whoever is signed or holds an offer. Whoever writes sign-ups locks their healing sessions first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from shared import logs
from shared.courses import callback_data, formats, healing_texts
from shared.courses.quiet_hours import QuietHours
from shared.database import sql
from shared.database.pool import Connection, Row
from shared.delivery.enqueue import Message
from shared.delivery.kinds import COURSES_NOTICE, COURSES_OFFER
from shared.i18n.texts import Language, Text
from shared.payload import timezones

MAX_OFFER = timedelta(hours=12)

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class _School:
    bot_id: int
    language: Language
    quiet: QuietHours


async def due(connection: Connection, today: date) -> list[int]:
    """Healing sessions that `settle` may have something to do for; `today` is the school's."""
    return [row["id"] for row in await sql.fetch_all(connection, _SQL["due"], {"today": today})]


async def lock(connection: Connection, ids: Sequence[int]) -> list[Row]:
    """Lock healing sessions until the transaction ends; those that are there."""
    return await sql.fetch_all(connection, _SQL["lock"], {"ids": ids})


async def settle(connection: Connection, ids: Sequence[int], now: datetime) -> list[Message]:
    """Do what is due for these healing sessions at `now`, in the caller's transaction.

    Tell whoever counts on one that was cancelled or moved, end offers whose time is over, offer free places to those
    who wait. Answers the messages, to be enqueued as the transaction's last step. May be called at any time, and again.
    """
    row = await sql.fetch_optional(connection, _SQL["school"])
    if row is None or not ids:
        return []
    zone = timezones.zone(row["timezone"], timezones.OF_SCHOOLS)
    school = _School(row["bot_id"], row["language"], QuietHours(row["quiet_from"], row["quiet_to"], zone))
    sessions = {session["id"]: session for session in await lock(connection, ids)}
    coming = {identity for identity, session in sessions.items() if _begin(session, school) > now}
    cancelled = {identity for identity, session in sessions.items() if session["is_cancelled"]}
    changes = [
        _changed(school, row, sessions[row["healing_session_id"]], text)
        for statement, changed, text in (
            ("call_off", cancelled, healing_texts.CALLED_OFF),
            ("move", sessions.keys() - cancelled, healing_texts.MOVED),
        )
        for row in await sql.fetch_all(connection, _SQL[statement], {"ids": list(changed)})
        if row["telegram_id"] and row["healing_session_id"] in coming
    ]
    ended = {"ids": list(sessions.keys() - cancelled), "begun": list(sessions.keys() - coming), "now": now}
    await connection.execute(_SQL["expire"], ended)
    wanted = [session for identity, session in sessions.items() if identity in coming - cancelled]
    return changes + await _offer_places(connection, school, wanted, now)


async def _offer_places(
    connection: Connection, school: _School, sessions: Sequence[Row], now: datetime
) -> list[Message]:
    """Offer what is free to those who wait, where there is time enough."""
    windows = {
        session["id"]: window
        for session in sessions
        if (window := offer_window(now, _begin(session, school), school.quiet))
    }
    untils = [until for _, until in windows.values()]
    offered = await sql.fetch_all(connection, _SQL["offer"], {"ids": list(windows), "untils": untils})
    days = {session["id"]: _day(session, school.language) for session in sessions}
    return [
        _offer(school, row, days[row["healing_session_id"]], windows[row["healing_session_id"]][0] - now)
        for row in offered
    ]


def offer_window(now: datetime, begins: datetime, quiet: QuietHours) -> tuple[datetime, datetime] | None:
    """When an offer made `now` is sent, and until when it stands; None: before quiet hours end it will have begun.

    It stands for half of the time that is left, at most MAX_OFFER; one that would end in quiet hours stands until they
    are over, for nobody else could be asked before.
    """
    sent_at = quiet.defer(now).astimezone(UTC)
    if sent_at >= begins:
        return None
    until = sent_at + min(MAX_OFFER, (begins.astimezone(UTC) - sent_at) / 2)
    return sent_at, min(quiet.defer(until).astimezone(UTC), begins.astimezone(UTC))


def _begin(session: Row, school: _School) -> datetime:
    return datetime.combine(session["date"], session["time_start"], school.quiet.zone).astimezone(UTC)


def _offer(school: _School, row: Row, day: str, delay: timedelta) -> Message:
    until, language = row["offer_until"].astimezone(school.quiet.zone), school.language
    text = healing_texts.OFFER.in_(language).format(
        day=day, until=formats.day(until.date(), None, until.time(), language)
    )
    buttons = [
        {
            "text": words.in_(language),
            "callback_data": callback_data.write("healing", action, row["healing_session_id"]),
        }
        for action, words in (("accept", healing_texts.TAKE), ("leave", healing_texts.DECLINE))
    ]
    return Message(
        bot_id=school.bot_id,
        chat_id=row["telegram_id"],
        kind=COURSES_OFFER,
        dedup_key=f"courses/offer/{row['id']}/{row['version']}",
        payload={"text": text, "reply_markup": {"inline_keyboard": [buttons]}},
        correlation_id=logs.correlation_id.get(),
        guard={"signup_id": row["id"], "offer_until": row["offer_until"].isoformat()},
        delay_seconds=max(0.0, delay.total_seconds()),
    )


def _changed(school: _School, row: Row, session: Row, text: Text) -> Message:
    """It was cancelled, or moved; `row` may say when it was before."""
    language = school.language
    before = _day(row, language) if "date" in row else ""
    words = text.in_(language).format(day=_day(session, language), before=before)
    data = callback_data.write("healing", "open", f"s{session['id']}")
    button = {"text": healing_texts.MY_SIGNUP.in_(language), "callback_data": data}
    return Message(
        bot_id=school.bot_id,
        chat_id=row["telegram_id"],
        kind=COURSES_NOTICE,
        dedup_key=f"courses/healing-changed/{row['id']}/{row['version']}",
        payload={"text": words, "reply_markup": {"inline_keyboard": [[button]]}},
        correlation_id=logs.correlation_id.get(),
    )


def _day(session: Row, language: Language) -> str:
    return formats.day(session["date"], None, session["time_start"], language)
