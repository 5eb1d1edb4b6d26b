"""A batch of salons: metrics, facts, digests, all in one transaction. A digest is handed over once."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from functions.daily_metrics_digest.digest import caption, facts, metrics
from functions.daily_metrics_digest.digest.facts import Facts
from functions.daily_metrics_digest.digest.metrics import Salon
from shared import logs
from shared.database import sql
from shared.database.isolate import isolate_failures
from shared.database.pool import Connection, Database
from shared.delivery.enqueue import Message, enqueue
from shared.delivery.kinds import DIGEST
from shared.errors import DatabaseUnavailable

BATCH_ROWS = 200

_SQL = sql.load(__file__)


async def batch(database: Database, salons: Sequence[Salon], now: datetime, correlation_id: str) -> Counter[str]:
    """How many `digests` were handed over, for how many salons there are `metrics`, and who had no use of them."""
    try:
        async with database.transaction() as connection:
            return await _settle(connection, salons, now, correlation_id)
    except DatabaseUnavailable:
        raise
    except Exception as error:  # noqa: BLE001 - logged, and tried one by one
        logs.error("batch_failed", cause=error, salons=len(salons), next_step="each is tried by itself")

    async def settle(salon: Salon) -> Counter[str]:
        async with database.transaction() as connection:
            return await _settle(connection, [salon], now, correlation_id)

    return await isolate_failures(salons, settle, _give_up)


async def _give_up(salon: Salon, error: Exception) -> Counter[str]:
    logs.error("digest_failed", cause=error, tenant_id=str(salon.tenant_id), next_step="tried again next tick")
    return Counter(failed=1)


async def _settle(
    connection: Connection, salons: Sequence[Salon], now: datetime, correlation_id: str
) -> Counter[str]:  # fmt: skip
    untold = await metrics.compute(connection, salons, now)
    known = await facts.load(connection, untold, now) if untold else []
    messages = [(one, message) for one in known if (message := _message(one, correlation_id))]
    unaddressed = len(known) - len(messages)
    if unaddressed:
        first = next(str(one.tenant_id) for one in known if one.bot_id is None or one.chat_id is None)
        next_step = "set bot_id and chat_id in dashboard.tenant_settings"
        logs.warning("salon_without_bot_or_chat", salons=unaddressed, first=first, next_step=next_step)
    new = await enqueue(connection, [message for _, message in messages])
    if messages:
        noted = {
            "tenants": [one.tenant_id for one, _ in messages],
            "days": [one.day for one, _ in messages],
            "keys": [message.dedup_key for _, message in messages],
        }
        await connection.execute(_SQL["note"], noted)
    return Counter(digests=len(new), metrics=len(salons), unaddressed=unaddressed)


def _message(one: Facts, correlation_id: str) -> Message | None:
    """The digest: the sender draws the picture, the text is its caption. None: nobody would read it."""
    if one.bot_id is None or one.chat_id is None:
        return None
    payload: dict[str, Any] = {
        "picture": {
            "kind": "salon/fortnight",
            "title": one.name,
            "language": one.language,
            "days": [
                {"day": d.day.isoformat(), "dialogs": d.dialogs, "bookings": d.bookings, "conversion": d.conversion}
                for d in one.days
            ],
        },
        "caption": caption.digest(one),
        "parse_mode": "HTML",
    }
    return Message(
        bot_id=one.bot_id,
        chat_id=one.chat_id,
        kind=DIGEST,
        dedup_key=f"salon/digest/{one.tenant_id}/{one.day.isoformat()}",
        method="sendPhoto",
        payload=payload,
        correlation_id=correlation_id,
    )
