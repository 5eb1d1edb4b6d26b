"""The steps of outgoing messages: queued, every attempt, how it ended."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from infra.admin.database import Connection, fetch
from infra.admin.formats import format_duration
from infra.admin.trace.step import Step
from shared import masking
from shared.database import sql

_SQL = sql.load(__file__)


def steps(
    connection: Connection, ids: Sequence[int], correlations: Sequence[str], handovers: Sequence[UUID]
) -> list[Step]:
    """The steps of the messages `ids`, and of those that belong to a correlation or to a handover."""
    found = fetch(connection, _SQL["messages"], ids=ids, correlations=correlations, handovers=handovers)
    attempts = fetch(connection, _SQL["attempts"], ids=[m["id"] for m in found])
    return [step for m in found for step in _of_message(m, [a for a in attempts if a["outbox_id"] == m["id"]])]


def _of_message(message: dict[str, Any], attempts: list[dict[str, Any]]) -> Iterator[Step]:
    name, lane = f"outbox {message['id']}", message["lane"]
    if address := message["recipient"]:
        lane = lane.replace(address, masking.mask_address(address))
    yield Step(message["created_at"], f"{name} queued", f"{message['kind']} by bot {message['bot']}, lane {lane}")
    for number, attempt in enumerate(attempts, 1):
        took = format_duration((attempt["ended_at"] - attempt["started_at"]).total_seconds())
        status = f", HTTP {attempt['http_status']}" if attempt["http_status"] else ""
        wait = f", wait {attempt['retry_after']:.0f} s" if attempt["retry_after"] else ""
        yield Step(
            attempt["started_at"], f"{name} attempt {number}", f"{attempt['outcome']}{status}{wait}, took {took}"
        )
    doubt = "; a copy may have arrived" if message["maybe_duplicate"] else ""
    if message["state"] == "sent":
        where = "Telegram" if message["channel"] == "telegram" else "WhatsApp"
        number_there = message["message_id"] or message["external_id"] or "without a number"
        yield Step(message["finished_at"], f"{name} sent", f"{where} message {number_there}{doubt}")
    else:
        yield Step(
            message["finished_at"],
            f"{name} {message['state']}",
            f"{message['error_class'] or 'waits for its turn'}{doubt}",
        )
