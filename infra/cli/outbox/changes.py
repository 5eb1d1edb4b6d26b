"""`carillon outbox redrive` and `cancel`: shown first, asked about, done and noted in one transaction."""

import asyncio
import getpass
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

import typer
from rich.progress import Progress

from infra.admin.database import connect
from infra.admin.errors import AdminError
from infra.cli.outbox.selection import Bot, ErrorClass, Ids, Kind, Selection, Since, System, Until, moment
from infra.cli.output import AsJson, console, print_json, print_table, say
from shared import config, write_back
from shared.database import sql
from shared.database.pool import Connection, Database
from shared.delivery import lane_heads
from shared.errors import DatabaseUnavailable

REDRIVE_EXAMPLES = "Examples: carillon outbox redrive 42, carillon outbox redrive --class blocked --since 7d --dry-run"
CANCEL_EXAMPLES = "Examples: carillon outbox cancel 42, carillon outbox cancel --bot school --kind getcourse/deadline"

Action = Literal["redrive", "cancel"]
Ended = Literal["dead", "unknown", "cancelled"]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would happen, and change nothing.")]

AT_ONCE = 2000

_FROM: Mapping[Action, Sequence[str]] = {"redrive": ("dead", "unknown", "cancelled"), "cancel": ("queued",)}
_WILL: Mapping[Action, str] = {"redrive": "will be sent again", "cancel": "will never be sent"}
_DONE: Mapping[Action, str] = {
    "redrive": "queued again; the next dispatch sends what is due",
    "cancel": "cancelled",
}
_LEFT = {
    "queued": "waiting already",
    "sending": "being sent just now",
    "sent": "sent already",
    "dead": "dead already",
    "unknown": "unknown: tried, and perhaps delivered",
    "cancelled": "cancelled already",
}

_SQL = sql.load(__file__)


def redrive(  # noqa: PLR0913 - each is an option
    ids: Ids = None,
    state: Annotated[Ended | None, typer.Option(help="Only rows in this state.")] = None,
    error_class: ErrorClass = None,
    system: System = None,
    kind: Kind = None,
    bot: Bot = None,
    since: Since = "",
    until: Until = "",
    even_if_delivered: Annotated[
        bool, typer.Option("--even-if-delivered", help="Do not ask about what may have arrived, either.")
    ] = False,
    yes: Yes = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Send messages again that failed, from the beginning and with as much time as they had.

    Means dead ones, unless ids, --state or --class say otherwise. Blocked chats are written to again.
    """
    states = [state] if state else list(_FROM["redrive"]) if ids or error_class else ["dead"]
    selection = Selection(ids, states, error_class, system, kind, bot, moment(since), moment(until))
    _require_some("redrive", selection, state)
    plan = _survey("redrive", selection)
    _carry_out(plan, yes=yes, sure=even_if_delivered, dry_run=dry_run, as_json=as_json)


def cancel(  # noqa: PLR0913 - each is an option
    ids: Ids = None,
    error_class: ErrorClass = None,
    system: System = None,
    kind: Kind = None,
    bot: Bot = None,
    since: Since = "",
    until: Until = "",
    yes: Yes = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Never send messages that still wait. What is being sent just now is left."""
    selection = Selection(ids, ["queued", "sending"], error_class, system, kind, bot, moment(since), moment(until))
    _require_some("cancel", selection)
    _carry_out(_survey("cancel", selection), yes=yes, sure=True, dry_run=dry_run, as_json=as_json)


@dataclass(frozen=True)
class _Plan:
    """What would happen, in groups, and how many messages are left as they are, by why."""

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


def _require_some(action: Action, selection: Selection, state: str | None = None) -> None:
    """Nobody means all of history. Raises Failure."""
    if not state and not selection.asked.keys() - {"states"}:
        raise AdminError(
            f"{action} which messages?", "name ids, or narrow it down: --class, --kind, --bot, --since 24h"
        )


def _survey(action: Action, selection: Selection) -> _Plan:
    """What the selection means now."""
    named = replace(selection, states=None) if selection.ids else selection
    with connect() as connection:
        found = named.rows(connection, _SQL["survey"])
    groups: list[Mapping[str, Any]] = []
    left: Counter[str] = Counter()
    for group in found:
        if action == "redrive" and group["creates_topic"]:
            left["a topic's creation: the next message for the topic creates it"] += group["messages"]
        elif group["state"] in _FROM[action] and group["state"] in (selection.states or ()):
            groups.append(group)
        else:
            left[_LEFT[group["state"]]] += group["messages"]
    if lacking := len(set(selection.ids or ()) - {number for group in found for number in group["ids"]}):
        left["not there, or not what the options say"] += lacking
    return _Plan(action, selection, groups, left)


def _carry_out(plan: _Plan, *, yes: bool, sure: bool, dry_run: bool, as_json: bool) -> None:
    """Show the plan, ask, do it, say what was done."""
    if not as_json:
        _show(plan)
    if plan.ids and not dry_run:
        _ask(plan, yes=yes, sure=sure)
        changed = asyncio.run(_change(plan))
    else:
        changed = []
    if as_json:
        groups = [{name: value for name, value in group.items() if name != "ids"} for group in plan.groups]
        print_json({"action": plan.action, "messages": groups, "left": plan.left, "changed": changed})
    elif dry_run or not plan.ids:
        say("nothing was changed")
    else:
        say(f"✓ {_count(len(changed))} {_DONE[plan.action]}")
        if others := len(plan.ids) - len(changed):
            say(f"  {_count(others)} changed meanwhile and left as they are")


def _show(plan: _Plan) -> None:
    columns = ("messages", "bot", "kind", "state", "class", "oldest")
    rows = [{**group, "class": group["error_class"]} for group in plan.groups]
    print_table(rows, columns, f"there is nothing to {plan.action}")
    if plan.groups:
        say(f"\n{_count(len(plan.ids))} {_WILL[plan.action]}")
    for why, messages in plan.left.items():
        say(f"{_count(messages)} left: {why}")
    if plan.doubtful and plan.action == "redrive":
        say(f"! {_count(plan.doubtful)} may have arrived, and would arrive twice", "yellow")


def _ask(plan: _Plan, *, yes: bool, sure: bool) -> None:
    """Whether to go on. Raises typer.Abort, Failure."""
    if plan.doubtful and yes and not sure:
        raise AdminError(
            f"{_count(plan.doubtful)} may have arrived; nothing was changed",
            "look at them: carillon outbox list --state unknown; then add --even-if-delivered, or --state dead",
        )
    if not yes:
        typer.confirm("Go on?", abort=True, err=True)
    if plan.doubtful and not yes and not sure:
        typer.confirm("Really send again what may have arrived?", abort=True, err=True)


async def _change(plan: _Plan) -> list[int]:
    """Do it; the ids of what was changed. What ended, or began, since the survey is left.

    Many messages are several transactions: each locks its lanes for a moment only, and is done and noted as a whole.
    """
    database = Database(config.load().database_url, size=1)
    ids, changed = plan.ids, list[int]()
    try:
        with Progress(console=console(stderr=True), transient=True, disable=len(ids) <= AT_ONCE) as progress:
            for part in progress.track(range(0, len(ids), AT_ONCE), description=plan.action):
                async with database.transaction() as connection:
                    changed += await _change_rows(connection, plan, ids[part : part + AT_ONCE])
    except DatabaseUnavailable:
        cause = f"the database broke off, or somebody else held what this needs, after {_count(len(changed))}"
        raise AdminError(cause, "run it again: nothing is done twice") from None
    finally:
        await database.close()
    return changed


async def _change_rows(connection: Connection, plan: _Plan, ids: list[int]) -> list[int]:
    await connection.execute(_SQL[f"{plan.action}_lanes"], {"ids": ids})
    rows = await (await connection.execute(_SQL[plan.action], {"ids": ids})).fetchall()
    if not rows:
        return []
    changed = sorted(row["id"] for row in rows)
    await lane_heads.refresh(connection, {(row["bot_id"], row["lane"]) for row in rows})
    await write_back.write_back(connection, rows)
    selection = json.dumps(plan.selection.asked, default=str)
    note = {"actor": _actor(), "action": plan.action, "selection": selection, "ids": changed}
    await connection.execute(_SQL["audit"], note)
    return changed


def _actor() -> str:
    """Who runs this command, as the machine knows them."""
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):  # a container's number without a name
        return "somebody"


def _count(messages: int) -> str:
    return "1 message" if messages == 1 else f"{messages} messages"
