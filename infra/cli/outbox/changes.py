"""`carillon outbox redrive` and `cancel`: shown first, asked about, then done."""

from collections.abc import Mapping
from typing import Annotated, Literal

import typer
from rich.progress import Progress

from infra.admin.database import connect
from infra.admin.errors import AdminError
from infra.admin.outbox import changes
from infra.admin.outbox.changes import BATCH_SIZE, FROM_STATES, Action, Plan, count
from infra.admin.outbox.selection import Selection
from infra.cli.outbox.options import Bot, ErrorClass, Ids, Kind, Since, System, Until, moment
from infra.cli.output import AsJson, console, print_json, print_table, say
from shared import config

REDRIVE_EXAMPLES = "Examples: carillon outbox redrive 42, carillon outbox redrive --class blocked --since 7d --dry-run"
CANCEL_EXAMPLES = "Examples: carillon outbox cancel 42, carillon outbox cancel --bot school --kind getcourse/deadline"

Ended = Literal["dead", "unknown", "cancelled"]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would happen, and change nothing.")]

_WILL: Mapping[Action, str] = {"redrive": "will be sent again", "cancel": "will never be sent"}
_DONE: Mapping[Action, str] = {
    "redrive": "queued again; the next dispatch sends what is due",
    "cancel": "cancelled",
}


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
    states = [state] if state else list(FROM_STATES["redrive"]) if ids or error_class else ["dead"]
    selection = Selection(ids, states, error_class, system, kind, bot, moment(since), moment(until))
    changes.require_conditions("redrive", selection, state)
    _carry_out(_plan("redrive", selection), yes=yes, sure=even_if_delivered, dry_run=dry_run, as_json=as_json)


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
    changes.require_conditions("cancel", selection)
    _carry_out(_plan("cancel", selection), yes=yes, sure=True, dry_run=dry_run, as_json=as_json)


def _plan(action: Action, selection: Selection) -> Plan:
    with connect() as connection:
        return changes.plan(connection, action, selection)


def _carry_out(plan: Plan, *, yes: bool, sure: bool, dry_run: bool, as_json: bool) -> None:
    """Show the plan, ask, do it, say what was done."""
    if not as_json:
        _show(plan)
    if plan.ids and not dry_run:
        _ask(plan, yes=yes, sure=sure)
        changed = _change(plan)
    else:
        changed = []
    if as_json:
        groups = [{name: value for name, value in group.items() if name != "ids"} for group in plan.groups]
        print_json({"action": plan.action, "messages": groups, "left": plan.left, "changed": changed})
    elif dry_run or not plan.ids:
        say("nothing was changed")
    else:
        say(f"✓ {count(len(changed))} {_DONE[plan.action]}")
        if others := len(plan.ids) - len(changed):
            say(f"  {count(others)} changed meanwhile and left as they are")


def _show(plan: Plan) -> None:
    columns = ("messages", "bot", "kind", "state", "class", "oldest")
    rows = [{**group, "class": group["error_class"]} for group in plan.groups]
    print_table(rows, columns, f"there is nothing to {plan.action}")
    if plan.groups:
        say(f"\n{count(len(plan.ids))} {_WILL[plan.action]}")
    for reason, messages in plan.left.items():
        say(f"{count(messages)} left: {reason}")
    if plan.doubtful and plan.action == "redrive":
        say(f"! {count(plan.doubtful)} may have arrived, and would arrive twice", "yellow")


def _ask(plan: Plan, *, yes: bool, sure: bool) -> None:
    """Whether to go on. Raises typer.Abort, AdminError."""
    if plan.doubtful and yes and not sure:
        raise AdminError(
            f"{count(plan.doubtful)} may have arrived; nothing was changed",
            "look at them: carillon outbox list --state unknown; then add --even-if-delivered, or --state dead",
        )
    if not yes:
        typer.confirm("Go on?", abort=True, err=True)
    if plan.doubtful and not yes and not sure:
        typer.confirm("Really send again what may have arrived?", abort=True, err=True)


def _change(plan: Plan) -> list[int]:
    few = len(plan.ids) <= BATCH_SIZE
    with Progress(console=console(stderr=True), transient=True, disable=few) as progress:
        task = progress.add_task(plan.action, total=len(plan.ids))
        database_url = config.load(names=("database_url",)).database_url
        return changes.carry_out(database_url, plan, lambda done: progress.advance(task, done))
