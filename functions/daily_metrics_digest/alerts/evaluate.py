"""Alerts of all salons at one look: facts in one statement, then batches of those for whom something changes."""

import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from functions.daily_metrics_digest.alerts import rules, texts
from functions.daily_metrics_digest.alerts.rules import AlertState, Facts, Limits, Measurement, Transition
from shared import logs
from shared.database import sql
from shared.database.isolate import isolate_failures
from shared.database.pool import Connection, Database
from shared.delivery.enqueue import Message, enqueue
from shared.delivery.kinds import SALON_ALERT
from shared.errors import DatabaseUnavailable
from shared.i18n.texts import Language
from shared.salon import timezones

BATCH_SALONS = 100
COUNTED = {"raise": "raised", "reopen": "raised", "resolve": "resolved"}

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Salon:
    """Whom it is about, where they read, and what was measured."""

    tenant_id: UUID
    bot_id: int | None
    chat_id: int | None
    language: Language
    limits: Limits
    facts: Facts
    readings: Mapping[rules.AlertKind, Measurement]


@dataclass(frozen=True)
class OpenAlert:
    """An alert's row."""

    id: int
    actual: float | None
    standing: AlertState


@dataclass(frozen=True)
class AlertChange:
    """One alert of a salon and what happens to it; without a row it is raised."""

    salon: Salon
    kind: rules.AlertKind
    known: OpenAlert | None
    step: Transition

    @property
    def reading(self) -> Measurement | None:
        """What was measured; None: too little."""
        return self.salon.readings.get(self.kind)


async def evaluate(database: Database, ends_at: float) -> dict[str, int]:
    """Settle the alerts of all salons until the monotonic time `ends_at`; what was not reached comes with the next run.

    Answers how many were `raised`, `escalated` and `resolved`, and how many messages were handed over (`told`).
    """
    async with database.connection() as connection:
        salons = [_salon(row) for row in await (await connection.execute(_SQL["facts"])).fetchall()]
        changes = await _changes(connection, salons)
    touched = {change.salon.tenant_id: change.salon for change in changes}
    waiting = list(touched.values())
    done: Counter[str] = Counter()
    while waiting and time.monotonic() < ends_at:
        batch, waiting = waiting[:BATCH_SALONS], waiting[BATCH_SALONS:]
        done += await _settle_all(database, batch)
    return {name: done[name] for name in ("raised", "escalated", "resolved", "told")}


async def _settle_all(database: Database, batch: Sequence[Salon]) -> Counter[str]:
    try:
        return await _settle(database, batch)
    except DatabaseUnavailable:
        raise
    except Exception as error:  # noqa: BLE001 - logged, and tried one by one
        logs.error("batch_failed", cause=error, salons=len(batch))
    return await isolate_failures(batch, lambda salon: _settle(database, [salon]), _give_up)


async def _give_up(salon: Salon, error: Exception) -> Counter[str]:
    logs.error("alerts_failed", cause=error, tenant_id=str(salon.tenant_id), next_step="see the error")
    return Counter()


async def _settle(database: Database, batch: Sequence[Salon]) -> Counter[str]:
    """Lock, look again, act: all in one short transaction, whose last step hands the messages over."""
    async with database.transaction() as connection:
        await connection.execute(_SQL["lock"], {"tenants": [salon.tenant_id for salon in batch]})
        changes = await _changes(connection, batch)
        written = await _raise(connection, [change for change in changes if change.known is None])
        if others := [(change.known.id, change) for change in changes if change.known]:
            rows = [{"id": alert_id, "action": change.step.action, **_columns(change)} for alert_id, change in others]
            await connection.execute(_SQL["change"], {"alerts": json.dumps(rows)})
        written += others
        told = await _tell(connection, [(alert_id, change) for alert_id, change in written if change.step.tell])
    counts = Counter(COUNTED[change.step.action] for _, change in written if change.step.action in COUNTED)
    counts["escalated"] = sum(_is_escalated(change) for _, change in written)
    counts["told"] = told
    return counts


async def _changes(connection: Connection, salons: Sequence[Salon]) -> list[AlertChange]:
    """What would be written now."""
    cursor = await connection.execute(_SQL["standing"], {"tenants": [salon.tenant_id for salon in salons]})
    known = {(row["tenant_id"], row["kind"]): _open_alert(row) for row in await cursor.fetchall()}
    found = [_change(salon, kind, known.get((salon.tenant_id, kind))) for salon in salons for kind in rules.KINDS]
    return [change for change in found if change]


def _change(salon: Salon, kind: rules.AlertKind, known: OpenAlert | None) -> AlertChange | None:
    reading, standing, now = salon.readings.get(kind), known.standing if known else None, salon.facts.now
    step = rules.next_state(reading, standing, now, salon.limits)
    if step is None:
        return None
    tell = step.tell and salon.bot_id is not None and salon.chat_id is not None
    change = AlertChange(
        salon, kind, None if step.action == "raise" else known, Transition(step.action, step.severity, tell)
    )
    if step.action == "keep" and known and reading and not tell:
        is_same = step.severity == known.standing.severity and known.actual == round(reading.actual, 2)
        return None if is_same else change
    return change


async def _raise(connection: Connection, changes: Sequence[AlertChange]) -> list[tuple[int, AlertChange]]:
    """Those that are open now because of us."""
    if not changes:
        return []
    rows = [{"tenant_id": str(change.salon.tenant_id), "kind": change.kind, **_columns(change)} for change in changes]
    cursor = await connection.execute(_SQL["raise"], {"alerts": json.dumps(rows)})
    ids = {(row["tenant_id"], row["kind"]): row["id"] for row in await cursor.fetchall()}
    return [(ids[key], change) for change in changes if (key := (change.salon.tenant_id, change.kind)) in ids]


async def _tell(connection: Connection, changes: Sequence[tuple[int, AlertChange]]) -> int:
    if not changes:
        return 0
    messages = {alert_id: _message(alert_id, change) for alert_id, change in changes}
    ids = await enqueue(connection, list(messages.values()))
    rows = [
        {"id": alert_id, "outbox_id": ids.get(messages[alert_id].dedup_key), "now": change.salon.facts.now.isoformat()}
        for alert_id, change in changes
    ]
    await connection.execute(_SQL["told"], {"alerts": json.dumps(rows)})
    return len(ids)


def _message(alert_id: int, change: AlertChange) -> Message:
    salon = change.salon
    assert salon.bot_id is not None
    return Message(
        bot_id=salon.bot_id,
        chat_id=salon.chat_id,
        kind=SALON_ALERT,
        dedup_key=f"salon/alert/{alert_id}/{change.step.severity}",
        payload={"text": _text(change), "reply_markup": texts.keyboard(alert_id, salon.language)},
        correlation_id=logs.correlation_id.get(),
    )


def _columns(change: AlertChange) -> dict[str, Any]:
    reading = change.reading
    return {
        "threshold": reading.threshold if reading else None,
        "actual": round(reading.actual, 2) if reading else None,
        "severity": change.step.severity,
        "description": _text(change) if change.step.action != "resolve" else None,
        "now": change.salon.facts.now.isoformat(),
    }


def _text(change: AlertChange) -> str | None:
    salon, reading = change.salon, change.reading
    if reading is None:
        return None
    return texts.alert(reading, change.step.severity, salon.facts, salon.limits.zone, salon.language)


def _is_escalated(change: AlertChange) -> bool:
    return bool(change.known) and change.step.action == "keep" and change.step.severity != _severity_of(change.known)


def _severity_of(known: OpenAlert | None) -> rules.Severity | None:
    return known.standing.severity if known else None


def _salon(row: Mapping[str, Any]) -> Salon:
    shares: dict[str, Any] = {name: float(row[name]) for name in ("low_conversion", "high_drop_off", "error_spike")}
    whole = {name: row[name] for name in ("stale_hours", "minimum_sample", "quiet_from", "quiet_until")}
    limits = Limits(zone=timezones.zone(row["timezone"]), **shares, **whole)
    counts = {name: row[name] for name in ("dialogs", "bookings", "dropped", "errors", "dialogs_of_week")}
    facts = Facts(now=row["now"].astimezone(UTC), last_at=_utc(row["last_at"]), **counts)
    readings = rules.measure(facts, limits)
    return Salon(row["tenant_id"], row["bot_id"], row["chat_id"], row["language"], limits, facts, readings)


def _open_alert(row: Mapping[str, Any]) -> OpenAlert:
    moments = {name: _utc(row[name]) for name in ("resolved_at", "acknowledged_at", "told_at")}
    raised = row["triggered_at"].astimezone(UTC)
    standing = AlertState(row["severity"], raised, told_severity=row["told_severity"], **moments)
    return OpenAlert(row["id"], None if row["actual"] is None else float(row["actual"]), standing)


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None
