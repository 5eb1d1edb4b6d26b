"""A batch of salons: metrics, facts, digests, all in one transaction. A digest is enqueued once."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from functions.daily_metrics_digest.digest import caption, metrics, unknown_zones
from functions.daily_metrics_digest.digest.facts import Facts, load_facts
from functions.daily_metrics_digest.digest.metrics import Salon
from shared import logs
from shared.database import sql
from shared.database.isolate import settle
from shared.database.pool import Connection, Database
from shared.delivery.enqueue import Message, enqueue
from shared.delivery.kinds import DIGEST

BATCH_ROWS = 200

_SQL = sql.load(__file__)


async def send(database: Database, salons: Sequence[Salon], now: datetime, correlation_id: str) -> Counter[str]:
    """Counts of salons: `digests` enqueued, `metrics` computed, `unaddressed` (no bot or no chat), `failed`."""

    async def settle_all(salons: Sequence[Salon]) -> Counter[str]:
        async with database.transaction() as connection:
            return await _settle(connection, salons, now, correlation_id)

    return sum(await settle(salons, settle_all, _give_up, unit="salons"), Counter())


async def _give_up(salon: Salon, error: Exception) -> Counter[str]:
    logs.error("digest_failed", cause=error, tenant_id=str(salon.tenant_id), next_step="tried again next tick")
    return Counter(failed=1)


async def _settle(
    connection: Connection, salons: Sequence[Salon], now: datetime, correlation_id: str
) -> Counter[str]:  # fmt: skip
    pending = await metrics.compute(connection, salons, now)
    loaded = await load_facts(connection, pending, now) if pending else []
    messages = [(facts, message) for facts in loaded if (message := _message(facts, correlation_id))]
    unaddressed = len(loaded) - len(messages)
    if unaddressed:
        first = next(str(facts.tenant_id) for facts in loaded if facts.bot_id is None or facts.chat_id is None)
        next_step = "set bot_id and chat_id in dashboard.tenant_settings"
        logs.warning("salon_without_bot_or_chat", salons=unaddressed, first=first, next_step=next_step)
    alerts = unknown_zones.alerts(salons, loaded, correlation_id)
    new = await enqueue(connection, [*(message for _, message in messages), *alerts])
    if messages:
        columns = {
            "tenants": [facts.tenant_id for facts, _ in messages],
            "days": [facts.day for facts, _ in messages],
            "keys": [message.dedup_key for _, message in messages],
        }
        await connection.execute(_SQL["save"], columns)
    digests = sum(message.dedup_key in new for _, message in messages)
    return Counter(digests=digests, metrics=len(salons), unaddressed=unaddressed)


def _message(facts: Facts, correlation_id: str) -> Message | None:
    """The digest: the sender draws the picture, the text is its caption. None: nobody would read it."""
    if facts.bot_id is None or facts.chat_id is None:
        return None
    from shared.salon.digest_picture.data import Day, DigestPicture  # noqa: PLC0415 - most ticks have no digest

    days = [Day(day.day, day.dialogs, day.bookings, day.conversion) for day in facts.days]
    picture = DigestPicture("salon/fortnight", days, facts.name, facts.language).to_payload()
    payload = {"picture": picture, "caption": caption.digest(facts), "parse_mode": "HTML"}
    return Message(
        bot_id=facts.bot_id,
        chat_id=facts.chat_id,
        kind=DIGEST,
        dedup_key=f"salon/digest/{facts.tenant_id}/{facts.day.isoformat()}",
        method="sendPhoto",
        payload=payload,
        correlation_id=correlation_id,
    )
