"""What an installation does, in Prometheus' text format. Labels are kinds, states, and names of bots and functions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.database import sql
from shared.database.pool import Database
from shared.version import SCHEMA, VERSION

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Metric:
    """A gauge: its name, what it says, the statement that finds it, the column of its value, those of its labels."""

    name: str
    help: str
    statement: str
    value: str
    labels: Sequence[str] = field(default=())


METRICS = (
    Metric("carillon_waiting_seconds", "How long the oldest due message waits.", "health", "waiting_seconds"),
    Metric("carillon_missed_functions", "Functions that nobody called for three periods.", "health", "missed"),
    Metric("carillon_queue_messages", "Messages that wait, 10000 at most.", "queue", "messages", ("kind",)),
    Metric("carillon_queue_oldest_seconds", "How long the oldest is due.", "queue", "oldest_seconds", ("kind",)),
    Metric("carillon_recent_messages", "Of the last ten minutes, by outcome.", "recent", "messages", ("kind", "state")),
    Metric("carillon_bot_rate_used", "Share of a bot's rate, over ten minutes.", "rate", "used", ("bot",)),
    Metric("carillon_run_age_seconds", "Since the last run began.", "runs", "age_seconds", ("function",)),
    Metric("carillon_run_seconds", "How long the last run took.", "runs", "seconds", ("function",)),
    Metric("carillon_run_period_seconds", "How often it is due.", "runs", "period_seconds", ("function",)),
    Metric("carillon_model_tokens_today", "Tokens of the language model, today.", "tokens", "tokens", ("system",)),
)


async def read(database: Database) -> str:
    """All metrics, as Prometheus reads them. Raises DatabaseUnavailable."""
    rows = {}
    async with database.connection() as connection:
        for statement in dict.fromkeys(metric.statement for metric in METRICS):
            rows[statement] = await sql.fetch_all(connection, _SQL[statement])
    lines = [line for metric in METRICS for line in _lines(metric, rows[metric.statement])]
    info = f'carillon_info{{version="{VERSION}",schema="{SCHEMA}"}} 1'
    return "\n".join(["# HELP carillon_info The release.", "# TYPE carillon_info gauge", info, *lines, ""])


def _lines(metric: Metric, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield f"# HELP {metric.name} {metric.help}"
    yield f"# TYPE {metric.name} gauge"
    for row in rows:
        if row[metric.value] is not None:
            labels = ",".join(f'{name}="{row[name]}"' for name in metric.labels)  # names of ours: nothing to escape
            yield (
                f"{metric.name}{{{labels}}} {row[metric.value]:g}" if labels else f"{metric.name} {row[metric.value]:g}"
            )
