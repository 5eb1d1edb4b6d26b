"""Sending messages again, and cancelling them: planned first, then done and audited in one transaction."""

import asyncio
import getpass
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from infra.admin.database import Connection as AdminConnection
from infra.admin.errors import AdminError
from infra.admin.outbox.selection import Selection
from shared import write_back
from shared.database import sql
from shared.database.pool import Connection, Database
from shared.delivery import lane_heads
from shared.errors import DatabaseUnavailable

Action = Literal["redrive", "cancel"]

BATCH_SIZE = 2000  # messages of one transaction

FROM_STATES: Mapping[Action, Sequence[str]] = {"redrive": ("dead", "unknown", "cancelled"), "cancel": ("queued",)}
_LEFT = {
    "queued": "waiting already",
    "sending": "being sent just now",
    "sent": "sent already",
    "dead": "dead already",
    "unknown": "unknown: tried, and perhaps delivered",
    "cancelled": "cancelled already",
}

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Plan:
    """What would happen, in groups, and how many messages are left as they are, by reason."""

    action: Action
    selection: Selection
    groups: Sequence[Mapping[str, Any]]
    left: Mapping[str, int]

    @property
    def ids(self) -> list[int]:
        """The messages that are meant."""
        return sorted(number for group in self.groups for number in group["ids"])

    @property
    def doubtful(self) -> int:
        """How many of them may have arrived."""
        return sum(group["doubtful"] for group in self.groups)


def require_conditions(action: Action, selection: Selection, state: str | None = None) -> None:
    """Nobody means all of history. Raises AdminError."""
    if not state and not selection.conditions.keys() - {"states"}:
        next_step = "name ids, or narrow it down: --class, --kind, --bot, --since 24h"
        raise AdminError(f"{action} which messages?", next_step)


def plan(connection: AdminConnection, action: Action, selection: Selection) -> Plan:
    """What `action` means for the selection now. Raises AdminError when there is no such bot."""
    by_id = replace(selection, states=None) if selection.ids else selection
    found = by_id.rows(connection, _SQL["survey"])
    groups: list[Mapping[str, Any]] = []
    left: Counter[str] = Counter()
    for group in found:
        if action == "redrive" and group["creates_topic"]:
            left["a topic's creation: the next message for the topic creates it"] += group["messages"]
        elif group["state"] in FROM_STATES[action] and group["state"] in (selection.states or ()):
            groups.append(group)
        else:
            left[_LEFT[group["state"]]] += group["messages"]
    if lacking := len(set(selection.ids or ()) - {number for group in found for number in group["ids"]}):
        left["not there, or not what the options say"] += lacking
    return Plan(action, selection, groups, left)


def carry_out(database_url: str, planned: Plan, on_progress: Callable[[int], None] = lambda _: None) -> list[int]:
    """Do what is planned; the ids of what was changed. What ended, or began, since then is left.

    Many messages are several transactions: each locks its lanes for a moment only, and is done and audited as a whole.
    `on_progress` gets the size of each. Raises AdminError when the database breaks off.
    """
    return asyncio.run(_carry_out(database_url, planned, on_progress))


async def _carry_out(database_url: str, planned: Plan, on_progress: Callable[[int], None]) -> list[int]:
    database = Database(database_url, size=1)
    ids, changed = planned.ids, list[int]()
    try:
        for start in range(0, len(ids), BATCH_SIZE):
            batch = ids[start : start + BATCH_SIZE]
            async with database.transaction() as connection:
                changed += await change(connection, planned, batch)
            on_progress(len(batch))
    except DatabaseUnavailable:
        cause = f"the database broke off, or somebody else held what this needs, after {count(len(changed))}"
        raise AdminError(cause, "run it again: nothing is done twice") from None
    finally:
        await database.close()
    return changed


async def change(connection: Connection, planned: Plan, ids: list[int]) -> list[int]:
    """Do what is planned with these messages, and audit it; the ids of those that were changed.

    The caller opens the transaction.
    """
    await connection.execute(_SQL[f"{planned.action}_lanes"], {"ids": ids})
    rows = await (await connection.execute(_SQL[planned.action], {"ids": ids})).fetchall()
    if not rows:
        return []
    changed = sorted(row["id"] for row in rows)
    await lane_heads.refresh(connection, {(row["bot_id"], row["lane"]) for row in rows})
    await write_back.write_back(connection, rows)
    selection = json.dumps(planned.selection.conditions, default=str)
    audit = {"actor": actor(), "action": planned.action, "selection": selection, "ids": changed}
    await connection.execute(_SQL["audit"], audit)
    return changed


def actor() -> str:
    """Who runs this process, as the machine knows them."""
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):  # a container's number without a name
        return "somebody"


def count(messages: int) -> str:
    """A number of messages in words."""
    return "1 message" if messages == 1 else f"{messages} messages"
