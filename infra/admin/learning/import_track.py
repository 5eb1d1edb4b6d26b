"""A track, its roadmap and its prompts, brought to what a file says. Twice is as good as once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from infra.admin.database import Connection, fetch, fetch_one
from infra.admin.learning import templates
from infra.admin.learning.templates import Slot
from shared.database import sql

if TYPE_CHECKING:
    from infra.admin.learning.track_file import Item, Template, Track

EXAMPLE_TRACK = Path(__file__).with_name("example_track.yml")

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Change:
    """A change to a track, its roadmap or a template; `what` is a short text."""

    kind: Literal["new", "changed", "gone"]
    what: str


def import_track(connection: Connection, track: Track, *, dry_run: bool = False) -> list[Change]:
    """Add a track, or bring the one of the same slug to what `track` says; what changed, or would change.

    What `track` does not name leaves the roadmap, and the track's own prompts that it does not name are no longer used;
    prompts for all tracks stay. Where `track.templates` is None, all prompts stay.
    """
    with connection.transaction(force_rollback=dry_run):
        templates.lock(connection)
        track_id, changes = _put_track(connection, track)
        changes += _put_roadmap(connection, track_id, track.roadmap)
        if track.templates is not None:
            changes += _put_templates(connection, track_id, track.templates)
    return changes


def seed(connection: Connection) -> int:
    """Add the example track unless it is there, whatever became of it since; how many changes that were."""
    from infra.admin.learning.track_file import read  # noqa: PLC0415 - pydantic, which few commands need

    track = read(EXAMPLE_TRACK)
    with connection.transaction():
        templates.lock(connection)
        found = fetch(connection, _SQL["track"], slug=track.slug)
        return 0 if found else len(import_track(connection, track))


def _put_track(connection: Connection, track: Track) -> tuple[UUID, list[Change]]:
    """The track's id, and what changed in its own row."""
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


def _put_templates(connection: Connection, track: UUID, wanted: list[Template]) -> list[Change]:
    changes = []
    for template in wanted:
        slot = Slot(template.scope, track if template.scope == "track" else None, template.tab)
        version = templates.put(connection, slot, template.content, template.variables)
        if version is not None:
            changes.append(Change("new" if version == 1 else "changed", f"template {slot.label}: version {version}"))
    named = {template.tab for template in wanted if template.scope == "track"}
    for row in fetch(connection, _SQL["tabs"], track=track):
        if row["tab"] not in named:
            slot = Slot("track", track, row["tab"])
            templates.deactivate(connection, slot)
            changes.append(Change("gone", f"template {slot.label}"))
    return changes
