"""`carillon learning import`: a track, its roadmap and its prompts, as a file says; twice is as good as once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

import typer

from infra.admin.database import Connection, connect, fetch, fetch_one
from infra.admin.errors import AdminError
from infra.admin.formats import format_value
from infra.cli.learning import template_slots
from infra.cli.learning.template_slots import Slot
from infra.cli.output import AsJson, complain, print_json, say
from shared.database import sql

if TYPE_CHECKING:
    from infra.cli.learning.track_file import Item, Template, Track

EXAMPLES = "Examples: carillon learning import track.yml --dry-run, carillon learning import track.yml"
EXAMPLE_TRACK = Path(__file__).with_name("example_track.yml")
MARKS = {"new": "+", "changed": "~", "gone": "-"}

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Change:
    """What became different."""

    kind: Literal["new", "changed", "gone"]
    what: str


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
    with connect() as connection, connection.transaction(force_rollback=dry_run):
        template_slots.lock(connection)
        changes = apply(connection, track)
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


def seed(connection: Connection) -> int:
    """Add the example track unless it is there, whatever became of it since; how many rows that were."""
    track = _read(EXAMPLE_TRACK)
    with connection.transaction():
        template_slots.lock(connection)
        there = fetch(connection, _SQL["track"], slug=track.slug)
        return 0 if there else len(apply(connection, track))


def apply(connection: Connection, track: Track) -> list[Change]:
    """Make the database say what `track` does, under the lock of learning_slots."""
    identity, changes = _put_track(connection, track)
    changes += _put_roadmap(connection, identity, track.roadmap)
    if track.templates is not None:
        changes += _put_templates(connection, identity, track.templates)
    return changes


def _read(file: Path) -> Track:
    from infra.cli.learning.track_file import InvalidTrackFile, read  # noqa: PLC0415 - pydantic, which other commands need not

    try:
        return read(file)
    except InvalidTrackFile as unreadable:
        for problem in unreadable.problems[:-1]:
            complain(problem)
        raise AdminError(unreadable.problems[-1], f"correct {file.name}; nothing was written") from None


def _put_track(connection: Connection, track: Track) -> tuple[UUID, list[Change]]:
    """The track's id, and what changed of its own row."""
    wanted = track.model_dump(include={"slug", "title", "description", "goal"})
    found = fetch(connection, _SQL["track"], slug=track.slug)
    if not found:
        return fetch_one(connection, _SQL["add_track"], **wanted)["id"], [Change("new", f"track {track.slug}")]
    changed = [name for name, value in wanted.items() if found[0][name] != value]
    if changed:
        connection.execute(_SQL["change_track"], wanted)
    return found[0]["id"], [Change("changed", f"track {track.slug}: {', '.join(changed)}")] if changed else []


def _put_roadmap(connection: Connection, track: UUID, roadmap: list[Item]) -> list[Change]:
    before = {row["position"]: row for row in fetch(connection, _SQL["roadmap"], track=track)}
    changes = []
    for position, item in enumerate(roadmap, start=1):
        values = {**item.model_dump(), "track": track, "position": position}
        known = before.pop(position, None)
        if known is None:
            connection.execute(_SQL["add_item"], values)
            changes.append(Change("new", f"roadmap {position}: {item.title}"))
        elif (known["title"], known["description"]) != (item.title, item.description):
            connection.execute(_SQL["change_item"], values)
            changes.append(Change("changed", f"roadmap {position}: {item.title}"))
    connection.execute(_SQL["remove_items"], {"track": track, "positions": list(before)})
    return changes + [Change("gone", f"roadmap {position}: {row['title']}") for position, row in before.items()]


def _put_templates(connection: Connection, track: UUID, templates: list[Template]) -> list[Change]:
    changes = []
    for one in templates:
        slot = Slot(one.scope, track if one.scope == "track" else None, one.tab)
        version = template_slots.put(connection, slot, one.content, one.variables)
        if version is not None:
            changes.append(Change("new" if version == 1 else "changed", f"template {slot.words}: version {version}"))
    named = {one.tab for one in templates if one.scope == "track"}
    for row in fetch(connection, _SQL["tabs"], track=track):
        if row["tab"] not in named:
            slot = Slot("track", track, row["tab"])
            template_slots.deactivate(connection, slot)
            changes.append(Change("gone", f"template {slot.words}"))
    return changes
