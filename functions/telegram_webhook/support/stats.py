"""/stats: how quickly people answered, and how many waited in vain."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from functions.telegram_webhook import members, processed_updates
from functions.telegram_webhook.reaction import NO_REACTION, Reaction
from functions.telegram_webhook.support import texts
from functions.telegram_webhook.updates.events import Stats
from shared import logs
from shared.database import sql
from shared.database.pool import Connection
from shared.delivery.enqueue import Message
from shared.delivery.kinds import STATS
from shared.i18n import numbers
from shared.i18n.texts import Language
from shared.support.outgoing import LinkedMessage

_SQL = sql.load(__file__)


async def stats(connection: Connection, bot_id: int, event: Stats) -> Reaction:
    """Answer with the numbers of the group's desks."""
    message = event.message
    group = {"bot_id": bot_id, "chat_id": message.chat_id}
    periods = await sql.fetch_all(connection, _SQL["periods"], group)
    if not periods or not await processed_updates.mark(connection, bot_id, event.update_id):
        return NO_REACTION
    await members.remember(connection, bot_id, message.chat_id, event.by)
    managers = await sql.fetch_all(connection, _SQL["managers"], group)
    answer = Message(
        bot_id=bot_id,
        chat_id=message.chat_id,
        thread_id=message.thread_id,
        kind=STATS,
        dedup_key=f"support/stats/{bot_id}/{event.update_id}",
        payload={"text": text(periods, managers)},
        correlation_id=logs.correlation_id.get(),
    )
    return Reaction([LinkedMessage(answer)])


def text(periods: Sequence[Mapping[str, Any]], managers: Sequence[Mapping[str, Any]]) -> str:
    """The summary; each desk has a part of its own, in its language, when the group has several."""
    parts = []
    for client_id, group in groupby(periods, key=lambda row: row["client_id"]):
        rows = list(group)
        taken = [row for row in managers if row["client_id"] == client_id]
        parts.append("\n".join([f"📊 {rows[0]['name']}", *_numbers(rows, taken, rows[0]["language"])]))
    return "\n\n".join(parts)


def _numbers(
    periods: Sequence[Mapping[str, Any]], managers: Sequence[Mapping[str, Any]], language: Language
) -> list[str]:
    if not any(row["handovers"] for row in periods):
        return [texts.NO_REQUESTS.in_(language)]
    lines = [texts.PERIODS[row["place"]].in_(language).format(numbers=_period(row, language)) for row in periods]
    return [*lines, texts.MANAGERS.in_(language), *(_manager(row, language) for row in managers)] if managers else lines


def _period(row: Mapping[str, Any], language: Language) -> str:
    if not row["handovers"]:
        return texts.EMPTY_PERIOD.in_(language)
    replies = texts.NO_REPLIES.in_(language)
    if row["p50"] is not None:
        replies = texts.FIRST_REPLY.in_(language).format(
            usual=_minutes(row["p50"], language), most=_minutes(row["p90"], language)
        )
    return texts.PERIOD.in_(language).format(
        requests=row["handovers"],
        timeouts=row["timeouts"],
        percent=numbers.number(row["timeout_percent"], language),
        replies=replies,
        reminders=row["reminders"],
    )


def _manager(row: Mapping[str, Any], language: Language) -> str:
    line = texts.MANAGER.in_(language).format(name=row["manager"], requests=row["handovers"])
    if row["p50"] is None:
        return line
    return line + texts.MANAGER_REPLIES.in_(language).format(usual=_minutes(row["p50"], language))


def _minutes(value: Any, language: Language) -> str:
    if value <= 1:
        return texts.ONE_MINUTE.in_(language)
    return texts.MINUTES.in_(language).format(minutes=numbers.number(value, language))
