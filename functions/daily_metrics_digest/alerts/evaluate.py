"""Alerts of all salons: facts in one statement, then batches of the salons whose alerts change."""

import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from functions.daily_metrics_digest.alerts import rules, texts
from functions.daily_metrics_digest.alerts.rules import AlertState, Facts, Limits, Measurement, Transition
from shared import logs
from shared.database import sql
from shared.database.isolate import settle
from shared.database.pool import Connection, Database
from shared.delivery.enqueue import Message, enqueue
from shared.delivery.kinds import SALON_ALERT
from shared.i18n.texts import Language
from shared.payload import timezones

BATCH_SALONS = 100
COUNTED = {"raise": "raised", "reopen": "raised", "resolve": "resolved"}

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Salon:
    """A salon, where its people read alerts, and what was measured of it."""

    tenant_id: UUID
    bot_id: int | None
    chat_id: int | None
    language: Language
    limits: Limits
    facts: Facts
    measurements: Mapping[rules.AlertKind, Measurement]


@dataclass(frozen=True)
class OpenAlert:
    """A row of dashboard.alerts: open, or closed so lately that it may be reopened."""

    id: int
    actual: float | None
    state: AlertState


@dataclass(frozen=True)
class AlertChange:
    """One alert of a salon and what happens to it; `alert` is None when it is raised."""

    salon: Salon
    kind: rules.AlertKind
    alert: OpenAlert | None
    transition: Transition

    @property
    def measurement(self) -> Measurement | None:
        """None: too few dialogs to measure this kind."""
        return self.salon.measurements.get(self.kind)


async def evaluate(database: Database, ends_at: float) -> dict[str, int]:
    """Settle the alerts of all salons until the monotonic time `ends_at`; what was not reached comes with the next run.

    Returns how many were `raised`, `escalated` and `resolved`, and how many messages were enqueued (`sent`).
    """
    async with database.connection() as connection:
        salons = [_salon(row) for row in await sql.fetch_all(connection, _SQL["facts"])]
        changes = await _changes(connection, salons)
    changed = {change.salon.tenant_id: change.salon for change in changes}
    waiting = list(changed.values())

    async def settle_all(batch: Sequence[Salon]) -> Counter[str]:
        async with database.transaction() as connection:
            return await _settle(connection, batch)

    done: Counter[str] = Counter()
    while waiting and time.monotonic() < ends_at:
        batch, waiting = waiting[:BATCH_SALONS], waiting[BATCH_SALONS:]
        done += sum(await settle(batch, settle_all, _give_up, unit="salons"), Counter())
    return {name: done[name] for name in ("raised", "escalated", "resolved", "sent")}


async def _give_up(salon: Salon, error: Exception) -> Counter[str]:
    logs.error("alerts_failed", cause=error, tenant_id=str(salon.tenant_id), next_step="see the error")
    return Counter()


async def _settle(connection: Connection, batch: Sequence[Salon]) -> Counter[str]:
    """Lock, decide again, act: all in one short transaction, whose last step enqueues the messages."""
    await connection.execute(_SQL["lock"], {"tenants": [salon.tenant_id for salon in batch]})
    changes = await _changes(connection, batch)
    written = await _raise(connection, [change for change in changes if change.alert is None])
    if others := [(change.alert.id, change) for change in changes if change.alert]:
        rows = [{"id": alert_id, "action": change.transition.action, **_columns(change)} for alert_id, change in others]
        await connection.execute(_SQL["change"], {"alerts": json.dumps(rows)})
    written += others
    actions = [change.transition.action for _, change in written]
    counts = Counter(COUNTED[action] for action in actions if action in COUNTED)
    counts["escalated"] = sum(_is_escalated(change) for _, change in written)
    due = [(alert_id, change) for alert_id, change in written if change.transition.notify]
    counts["sent"] = await _send(connection, due)
    return counts


async def _changes(connection: Connection, salons: Sequence[Salon]) -> list[AlertChange]:
    rows = await sql.fetch_all(connection, _SQL["open_alerts"], {"tenants": [salon.tenant_id for salon in salons]})
    alerts = {(row["tenant_id"], row["kind"]): _open_alert(row) for row in rows}
    changes = [_change(salon, kind, alerts.get((salon.tenant_id, kind))) for salon in salons for kind in rules.KINDS]
    return [change for change in changes if change]


def _change(salon: Salon, kind: rules.AlertKind, alert: OpenAlert | None) -> AlertChange | None:
    """None: there is nothing to write."""
    measurement, state = salon.measurements.get(kind), alert.state if alert else None
    transition = rules.next_state(measurement, state, salon.facts.now, salon.limits)
    if transition is None:
        return None
    if salon.bot_id is None or salon.chat_id is None:
        transition = replace(transition, notify=False)
    if transition.action == "keep" and alert and measurement and not transition.notify:
        is_same = transition.severity == alert.state.severity and alert.actual == round(measurement.actual, 2)
        if is_same:
            return None
    return AlertChange(salon, kind, None if transition.action == "raise" else alert, transition)


async def _raise(connection: Connection, changes: Sequence[AlertChange]) -> list[tuple[int, AlertChange]]:
    """Insert new alerts; those that no other run has inserted meanwhile, with their ids."""
    if not changes:
        return []
    rows = [{"tenant_id": str(change.salon.tenant_id), "kind": change.kind, **_columns(change)} for change in changes]
    raised = await sql.fetch_all(connection, _SQL["raise"], {"alerts": json.dumps(rows)})
    ids = {(row["tenant_id"], row["kind"]): row["id"] for row in raised}
    return [(ids[key], change) for change in changes if (key := (change.salon.tenant_id, change.kind)) in ids]


async def _send(connection: Connection, changes: Sequence[tuple[int, AlertChange]]) -> int:
    if not changes:
        return 0
    messages = {alert_id: _message(alert_id, change) for alert_id, change in changes}
    ids = await enqueue(connection, list(messages.values()))
    rows = [
        {"id": alert_id, "outbox_id": ids.get(messages[alert_id].dedup_key), "now": change.salon.facts.now.isoformat()}
        for alert_id, change in changes
    ]
    await connection.execute(_SQL["mark_sent"], {"alerts": json.dumps(rows)})
    return len(ids)


def _message(alert_id: int, change: AlertChange) -> Message:
    salon = change.salon
    assert salon.bot_id is not None
    return Message(
        bot_id=salon.bot_id,
        chat_id=salon.chat_id,
        kind=SALON_ALERT,
        dedup_key=f"salon/alert/{alert_id}/{change.transition.severity}",
        payload={"text": _text(change), "reply_markup": texts.keyboard(alert_id, salon.language)},
        correlation_id=logs.correlation_id.get(),
    )


def _columns(change: AlertChange) -> dict[str, Any]:
    measurement = change.measurement
    return {
        "threshold": measurement.threshold if measurement else None,
        "actual": round(measurement.actual, 2) if measurement else None,
        "severity": change.transition.severity,
        "description": _text(change) if change.transition.action != "resolve" else None,
        "now": change.salon.facts.now.isoformat(),
    }


def _text(change: AlertChange) -> str | None:
    salon, measurement = change.salon, change.measurement
    if measurement is None:
        return None
    return texts.alert(measurement, change.transition.severity, salon.facts, salon.limits.zone, salon.language)


def _is_escalated(change: AlertChange) -> bool:
    before, transition = change.alert, change.transition
    return before is not None and transition.action == "keep" and transition.severity != before.state.severity


def _salon(row: Mapping[str, Any]) -> Salon:
    shares: dict[str, Any] = {name: float(row[name]) for name in ("low_conversion", "high_drop_off", "error_spike")}
    hours = {name: row[name] for name in ("stale_hours", "minimum_sample", "quiet_from", "quiet_until")}
    limits = Limits(zone=timezones.zone(row["timezone"], timezones.OF_SALONS), **shares, **hours)
    counts = {name: row[name] for name in ("dialogs", "bookings", "dropped", "errors", "dialogs_of_week")}
    facts = Facts(now=row["now"].astimezone(UTC), last_at=_utc(row["last_at"]), **counts)
    measurements = rules.measure(facts, limits)
    return Salon(row["tenant_id"], row["bot_id"], row["chat_id"], row["language"], limits, facts, measurements)


def _open_alert(row: Mapping[str, Any]) -> OpenAlert:
    moments = {name: _utc(row[name]) for name in ("resolved_at", "acknowledged_at", "told_at")}
    triggered_at = row["triggered_at"].astimezone(UTC)
    state = AlertState(row["severity"], triggered_at, told_severity=row["told_severity"], **moments)
    return OpenAlert(row["id"], None if row["actual"] is None else float(row["actual"]), state)


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None
