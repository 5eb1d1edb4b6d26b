"""`carillon replay`: process events again, and try to parse anew what could not be parsed."""

from typing import Annotated

import typer

from infra.admin import replay as admin_replay
from infra.cli.options import times
from infra.cli.output import AsJson, counting, logs_beside, print_json, say
from shared import config

EXAMPLES = "Examples: carillon replay --since 24h, carillon replay --since 2026-01-15 --source romashka"


def replay(
    since: Annotated[str, typer.Option(help="What arrived since then: 24h, 7d, 2026-01-15.")],
    source: Annotated[str | None, typer.Option(help="Only this source's.")] = None,
    as_json: AsJson = False,
) -> None:
    """Let the dispatcher process events again. No mentor gets the same notification twice.

    Deliveries that were not understood, or came to no client, are tried again as the sources are configured today. A
    message that was stored already is not answered again.
    """
    start = times.since(since)
    with counting("reading deliveries again") as progress, logs_beside():
        done = admin_replay.replay(config.load(names=admin_replay.SETTINGS), start, source, progress)
    if as_json:
        counts = {"processed": done.processed, "waiting": done.waiting}
        print_json({"since": start, **counts, "understood": done.parsed, "still_not_understood": done.unparsed})
        return
    events = f"{done.processed} processed and {done.waiting} waiting events"
    say(f"✓ {events} will be looked at again by the next dispatch")
    if done.parsed or done.unparsed:
        say(f"✓ {done.parsed} deliveries are understood now, {done.unparsed} are not")
    if done.unparsed:
        say("  → see why: carillon inbox list")
