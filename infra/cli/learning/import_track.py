"""`carillon learning import`: a track, its roadmap and its prompts, as a file says; twice is as good as once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.admin.database import connect
from infra.admin.errors import AdminError
from infra.admin.formats import format_value
from infra.admin.learning.import_track import import_track
from infra.cli.output import AsJson, complain, print_json, say

if TYPE_CHECKING:
    from infra.admin.learning.track_file import Track

EXAMPLES = "Examples: carillon learning import track.yml --dry-run, carillon learning import track.yml"
MARKS = {"new": "+", "changed": "~", "gone": "-"}


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE.yml", exists=True, dir_okay=False, readable=True)],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Add a track, or bring the one of the same slug to what the file says; prompts get new versions.

    The file holds the whole track: what it does not name leaves the roadmap, and prompts of the track that it does not
    name are no longer used. Prompts for all tracks stay where it names none. Without templates all prompts stay.
    """
    track = _read(file)
    with connect() as connection:
        changes = import_track(connection, track, dry_run=dry_run)
    if as_json:
        print_json({"slug": track.slug, "applied": not dry_run, "changes": [vars(change) for change in changes]})
        return
    for change in changes:
        say(format_value(f"{MARKS[change.kind]} {change.what}"))
    if not changes:
        say(f"✓ track {track.slug} is as the file says already")
    elif dry_run:
        say(f"nothing was written; without --dry-run there would be {len(changes)} changes")
    else:
        say(f"✓ track {track.slug} is as the file says: {len(changes)} changes")


def _read(file: Path) -> Track:
    from infra.admin.learning.track_file import InvalidTrackFile, read  # noqa: PLC0415 - pydantic, which few commands need

    try:
        return read(file)
    except InvalidTrackFile as error:
        for problem in error.problems[:-1]:
            complain(problem)
        raise AdminError(error.problems[-1], f"correct {file.name}; nothing was written") from None
