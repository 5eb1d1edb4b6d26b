"""/stats: how quickly people answered, and how many waited in vain."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from functions.telegram_webhook import processed_updates
from functions.telegram_webhook.reaction import NO_REACTION, Reaction
from functions.telegram_webhook.updates.parse import Stats
from shared import logs
from shared.database import sql
from shared.database.pool import Connection
from shared.delivery.enqueue import Message
from shared.delivery.kinds import STATS
from shared.support.outgoing import LinkedMessage

NONE_AT_ALL = "Заявок за 7 дней не было."
PERIODS = ("Сегодня", "Вчера", "7 дней")

_SQL = sql.load(__file__)


async def stats(connection: Connection, bot_id: int, event: Stats) -> Reaction:
    """The numbers of the group's clients, said where they were asked for."""
    place = event.place
    desk = {"bot_id": bot_id, "chat_id": place.chat_id}
    periods = await (await connection.execute(_SQL["periods"], desk)).fetchall()
    if not periods or not await processed_updates.mark(connection, bot_id, event.update_id):
        return NO_REACTION
    managers = await (await connection.execute(_SQL["managers"], desk)).fetchall()
    message = Message(
        bot_id=bot_id,
        chat_id=place.chat_id,
        thread_id=place.thread_id,
        kind=STATS,
        dedup_key=f"support/stats/{bot_id}/{event.update_id}",
        payload={"text": text(periods, managers)},
        correlation_id=logs.correlation_id.get(),
    )
    return Reaction([LinkedMessage(message)])


def text(periods: Sequence[Mapping[str, Any]], managers: Sequence[Mapping[str, Any]]) -> str:
    """The summary; each client has a part of its own when the group has several."""
    parts = []
    for client, group in groupby(periods, key=lambda row: row["client_id"]):
        rows = list(group)
        took = [row for row in managers if row["client_id"] == client]
        parts.append("\n".join([f"📊 {rows[0]['name']}", *_numbers(rows, took)]))
    return "\n\n".join(parts)


def _numbers(periods: Sequence[Mapping[str, Any]], managers: Sequence[Mapping[str, Any]]) -> list[str]:
    if not any(row["handovers"] for row in periods):
        return [NONE_AT_ALL]
    lines = [f"{PERIODS[row['place']]}: {_period(row)}" for row in periods]
    who = [f"{row['manager']}: взято {row['handovers']}{_half(row)}" for row in managers]
    return [*lines, *(["Кто брал за 7 дней:", *who] if who else [])]


def _period(row: Mapping[str, Any]) -> str:
    if not row["handovers"]:
        return "заявок не было"
    vain = f"закрыто по таймауту {row['timeouts']} ({_figure(row['timeout_percent'])} %)"
    answered = "ответов не было"
    if row["p50"] is not None:
        answered = f"первый ответ за {_minutes(row['p50'])} (9 из 10 за {_minutes(row['p90'])})"
    return f"заявок {row['handovers']}, {vain}, {answered}, напоминаний {row['reminders']}"


def _half(row: Mapping[str, Any]) -> str:
    return "" if row["p50"] is None else f", отвечает обычно за {_minutes(row['p50'])}"


def _minutes(value: Any) -> str:
    return "минуту" if value <= 1 else f"{_figure(value)} мин"


def _figure(value: Any) -> str:
    return f"{value:.1f}".removesuffix(".0").replace(".", ",")
