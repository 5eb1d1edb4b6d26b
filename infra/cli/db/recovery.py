"""`carillon db backup`, `restore` and `after-restore`; docs/operations.md is the runbook."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from infra.admin.database import connect
from infra.admin.outbox.changes import BATCH_SIZE, count
from infra.admin.recovery import after_restore as recovery
from infra.admin.recovery import backup as backups
from infra.admin.recovery import restore as restores
from infra.admin.recovery.after_restore import Plan
from infra.cli.options import times
from infra.cli.output import AsJson, console, print_json, print_table, say
from shared import config

File = Annotated[Path, typer.Argument(metavar="FILE", help="The backup's file.", show_default=False)]

BACKUP_EXAMPLE = "Example: carillon db backup carillon-2026-01-15.dump"
RESTORE_EXAMPLE = "Example: carillon db restore carillon-2026-01-15.dump"
AFTER_EXAMPLES = (
    "Examples: carillon db after-restore --backup-of 2026-01-15T03:00+03:00 --dry-run, "
    "carillon db after-restore --backup-of '2026-01-15 03:00' --lost-at '2026-01-15 11:40'"
)

_FATES = {
    "unknown": "become unknown: nobody knows whether they went out",
    "repeatable": "will go out: an edit that is repeated changes nothing",
    "not due": "will go out: their time had not come",
    "new": "were queued after --backup-of and are taken as new",
}
_HELD = {
    "answers": "stored GetCourse answers wait for carillon replay",
    "deadline_reminders": "deadline reminders count as sent",
    "unanswered_customers": "customers wait for their reply until they write again",
    "digests": "digests count as sent",
    "requests_for_a_person": "requests wait for a manager without reminder or apology",
}


def backup(file: File) -> None:
    """Write a whole copy of the database into one new file. Needs pg_dump; a superuser is not needed."""
    made = backups.make(file)
    say(f"✓ {file} holds the database as it was before {made.ended_at.isoformat(timespec='seconds')}")
    if made.left_out:
        say(f"! not in it, as somebody else's: {', '.join(made.left_out)}", "yellow")


def restore(file: File) -> None:
    """Bring a backup into the empty database of DATABASE_URL, in any cluster. Its bots are paused. Needs pg_restore."""
    paused = restores.restore(file)
    say(f"✓ restored from {file}; {len(paused)} bots are paused, and nothing is sent")
    say("  → before any function meets it: carillon db upgrade, and carillon db after-restore --backup-of INSTANT")


def after_restore(
    backup_of: Annotated[
        str, typer.Option("--backup-of", help="When the backup ended. What is older may have been sent since.")
    ],
    lost_at: Annotated[
        str, typer.Option("--lost-at", help="When the former database was lost; now when left out.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would happen, and change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Hold whatever a restored database would do a second time, and pause all bots. Twice is as good as once.

    Shows first what is held, and asks. `carillon bots resume --all` lets the others go.
    """
    plan = _plan(times.since(backup_of), times.since(lost_at) if lost_at else None)
    if not as_json:
        _show(plan)
    changed, held, paused = 0, plan.held, list[str]()
    if not dry_run:
        if not yes:
            typer.confirm("Go on?", abort=True, err=True)
        with connect() as connection:
            paused = recovery.pause_bots(connection)
        changed, held = _carry_out(plan)
    if as_json:
        groups = [{name: value for name, value in group.items() if name != "ids"} for group in plan.groups]
        print_json({**plan.gap.parameters, "messages": groups, "held": held, "made_unknown": changed, "paused": paused})
    elif dry_run:
        say("nothing was changed")
    else:
        say(f"✓ {count(changed)} made unknown, all bots paused; look: carillon outbox list --state unknown --since 30d")
        say("  → when all is well: carillon bots resume --all")


def _plan(backup_of: datetime, lost_at: datetime | None) -> Plan:
    with connect() as connection:
        gap = recovery.find_gap(connection, backup_of, lost_at)
        return recovery.plan(connection, config.load(names=("database_url",)).database_url, gap)


def _show(plan: Plan) -> None:
    say(f"What may have happened from {plan.gap.backup_of.isoformat()} to {plan.gap.until.isoformat()}:\n")
    print_table(plan.groups, ("messages", "bot", "kind", "policy", "fate"), "no messages were waiting")
    for fate, words in _FATES.items():
        if messages := sum(group["messages"] for group in plan.groups if group["fate"] == fate):
            say(f"{count(messages)} {words}")
    for name, words in _HELD.items():
        if plan.held[name]:
            say(f"{plan.held[name]} {words}")


def _carry_out(plan: Plan) -> tuple[int, dict[str, int]]:
    few = len(plan.ids) <= BATCH_SIZE
    with Progress(console=console(stderr=True), transient=True, disable=few) as progress:
        task = progress.add_task("after-restore", total=len(plan.ids))
        changed, held = recovery.carry_out(
            config.load(names=("database_url",)).database_url, plan, lambda done: progress.advance(task, done)
        )  # fmt: skip
    return changed, dict(held)
