"""Deliveries that could not be read, and what to do about them."""

from typing import Annotated

import typer

from infra.admin import replay as admin_replay
from infra.admin.database import Connection, connect
from infra.admin.formats import format_duration, format_value
from infra.admin.inbox import deliveries, set_aside
from infra.cli.inbox import updates
from infra.cli.options.usage import usage_errors
from infra.cli.output import AsJson, ask, counting, logs_beside, print_fields, print_json, print_table, say
from shared import config

app = typer.Typer(
    help="The inbox: deliveries that could not be read, came to nobody, or came during a pause.", no_args_is_help=True
)
app.command("updates", epilog=updates.LIST_EXAMPLES)(updates.updates)
app.command("replay-updates", epilog=updates.REPLAY_EXAMPLES)(updates.replay_updates)

COLUMNS = ("id", "source", "reason", "bytes", "age", "dismissed")

Ids = Annotated[list[int] | None, typer.Argument(metavar="ID", help="These deliveries.")]
SourceOption = Annotated[str | None, typer.Option("--source", help="All of this source's that nobody dismissed.")]


@app.command("list", epilog="Examples: carillon inbox list, carillon inbox list --source romashka --before 1200")
def list_(
    source: Annotated[str | None, typer.Option(help="Only this source's.")] = None,
    before: Annotated[int | None, typer.Option(metavar="ID", help="Only older ones than this delivery.")] = None,
    dismissed: Annotated[bool, typer.Option("--dismissed", help="Show those that were dismissed, too.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10000, help="At most so many, the newest first.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Show deliveries with the reason why they were not read, the newest first, without their bodies."""
    with connect() as connection:
        rows = deliveries.list_newest(connection, source, before, dismissed=dismissed, limit=limit)
        aside = set_aside.count(connection)
    if as_json:
        print_json(rows)
        return
    lines = [
        {
            **row,
            "source": f"{row['provider']}/{row['source']}",
            "age": format_duration(row["age_seconds"]),
            "dismissed": row["dismissed_because"] or "",
        }
        for row in rows
    ]
    print_table(lines, COLUMNS, "there are no such deliveries")
    if len(rows) == limit:
        say(
            f"  → older ones: carillon inbox list --before {rows[-1]['id']}" + (f" --source {source}" if source else "")
        )
    if aside and not source:
        say(f"  → updates of Telegram that were set aside: {aside}; look: carillon inbox updates")


@app.command(epilog="Example: carillon inbox show 12 --whole")
def show(
    number: Annotated[int, typer.Argument(metavar="ID", help="The delivery.")],
    whole: Annotated[
        bool, typer.Option("--whole", help="Show secrets, phones and e-mails, too. They are somebody's.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show one delivery with its query and body; phones, e-mails and secrets in them are masked."""
    with connect() as connection:
        delivery = deliveries.get(connection, number, whole=whole)
    if as_json:
        print_json(delivery)
        return
    print_fields({name: value for name, value in delivery.items() if name not in ("query", "body")}, 18)
    for name in ("query", "body"):
        say(f"\n{name}", "bold")
        if isinstance(delivery[name], str):
            say(format_value(delivery[name]))
        else:
            print_json(delivery[name])


@app.command(epilog="Examples: carillon inbox dismiss 12 13 --reason 'a test of ours', "
             "carillon inbox dismiss --source romashka --reason 'of the former number'")  # fmt: skip
def dismiss(
    reason: Annotated[str, typer.Option(help="Why nobody needs them; it is kept with them.")],
    ids: Ids = None,
    source: SourceOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Keep deliveries, but count and replay them no more. One that is needed after all is replayed by its id."""
    with connect() as connection, usage_errors():
        chosen = _chosen(connection, ids, source)
        if source and chosen and not yes:
            ask(f"{len(chosen)} deliveries of {source} will be dismissed. Go on?")
        dismissed = deliveries.dismiss(connection, chosen, reason)
    say(f"✓ {dismissed} deliveries are dismissed")


@app.command(epilog="Examples: carillon inbox replay 12 13, carillon inbox replay --source romashka")
def replay(ids: Ids = None, source: SourceOption = None, as_json: AsJson = False) -> None:
    """Read deliveries again as their sources are configured today; what is understood leaves the inbox.

    A message that was stored meanwhile has no effect a second time.
    """
    with connect() as connection, usage_errors():
        chosen = _chosen(connection, ids, source)
    with counting("reading deliveries again", len(chosen)) as progress, logs_beside():
        done = admin_replay.replay_deliveries(config.load(names=admin_replay.SETTINGS), chosen, progress)
    if as_json:
        print_json({"understood": done.parsed, "still_not_understood": done.unparsed})
        return
    say(f"✓ {done.parsed} deliveries are understood now, {done.unparsed} are not")
    if done.unparsed:
        say("  → see why: carillon inbox list; look into one: carillon inbox show ID")


def _chosen(connection: Connection, ids: list[int] | None, source: str | None) -> list[int]:
    """Raises ValueError, AdminError."""
    if bool(ids) == bool(source):
        raise ValueError("name deliveries by their ids, or all of a source by --source NAME")
    return deliveries.choose(connection, ids or [], source)
