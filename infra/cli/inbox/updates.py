"""`carillon inbox updates` and `replay-updates`: updates of Telegram that were set aside."""

from typing import Annotated

import typer

from infra.admin.database import connect
from infra.admin.formats import format_duration
from infra.admin.inbox import set_aside
from infra.cli.output import AsJson, complain, counting, logs_beside, print_json, print_newest, say
from shared import config

LIST_EXAMPLES = "Examples: carillon inbox updates, carillon inbox updates --bot desk --json"
REPLAY_EXAMPLES = "Examples: carillon inbox replay-updates desk, carillon inbox replay-updates desk 81930 81931"
COLUMNS = ("bot", "update_id", "age", "attempts", "error", "correlation_id")


def updates(
    bot: Annotated[str | None, typer.Option(help="Only this bot's.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10000, help="At most so many, the newest first.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Show updates of Telegram that failed again and again and were set aside, without what is in them."""
    with connect() as connection:
        rows = set_aside.list_newest(connection, bot, limit + 1)
    if as_json:
        print_json(rows[:limit])
        return
    lines = [{**row, "age": format_duration(row["age_seconds"])} for row in rows]
    print_newest(lines, COLUMNS, "no update is set aside", limit)
    if rows:
        say(f"  → once the cause is mended: carillon inbox replay-updates {bot or rows[0]['bot']}")


def replay_updates(
    bot: Annotated[str, typer.Argument(metavar="BOT", help="The bot whose they are.")],
    ids: Annotated[
        list[int] | None, typer.Argument(metavar="[UPDATE_ID]...", help="These updates; all of the bot when left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Process updates that were set aside as if Telegram brought them now. Each has its effects once.

    One that fails again stays set aside. What they send leaves with the next dispatch.
    """
    with connect() as connection:
        chosen = set_aside.choose(connection, bot, ids or [])
    settings = config.load(names=set_aside.SETTINGS)
    with counting("processing updates", len(chosen)) as progress, logs_beside():
        done = set_aside.replay(settings, bot, chosen, progress)
    if as_json:
        print_json({"processed": done.processed, "failed": dict(done.failed)})
    else:
        say(
            f"✓ {len(done.processed)} updates of {bot} are processed"
            if chosen
            else f"{bot} has none that was set aside"
        )
    for update_id, error in done.failed:
        complain(f"update {update_id} failed again: {error}")
    if done.failed:
        complain("they stay set aside", "report these lines to the developers")
        raise typer.Exit(1)
