"""The prompts of the learning system: what is said where, in versions. The newest active one counts."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from infra.admin.database import Connection, fetch, fetch_one
from infra.admin.errors import AdminError
from shared.database import sql
from shared.learning.placeholders import BUILT_IN, PLACEHOLDER
from shared.learning.tabs import Tab

Scope = Literal["global", "track", "createTrack"]

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Slot:
    """Where a template is said: its scope, its track if it is one's, its tab; without a tab in all three."""

    scope: Scope
    track: UUID | None
    tab: Tab | None

    @property
    def words(self) -> str:
        """As people name it."""
        return f"{self.scope}, {self.tab or 'all tabs'}"


def lock(connection: Connection) -> None:
    """Let nobody else change templates or import until this transaction ends."""
    connection.execute(_SQL["lock"])


def track_id(connection: Connection, slug: str) -> UUID:
    """The track that is called so. Raises Failure."""
    found = fetch(connection, _SQL["track"], slug=slug)
    if not found:
        known = ", ".join(row["slug"] for row in fetch(connection, _SQL["slugs"]))
        next_step = f"there are: {known}" if known else "add one: carillon learning import FILE.yml"
        raise AdminError(f"there is no track {slug}", next_step)
    identity: UUID = found[0]["id"]
    return identity


def active(connection: Connection, slot: Slot) -> DictRow | None:
    """The version that counts."""
    found = fetch(connection, _SQL["active"], **vars(slot))
    return found[0] if found else None


def put(connection: Connection, slot: Slot, content: str, variables: Mapping[str, Any]) -> int | None:
    """Make this the version that counts, under `lock`; its number, or None where it was that already."""
    now = active(connection, slot)
    if now and (now["content"], _spelt(now["variables"])) == (content, _spelt(variables)):
        return None
    deactivate(connection, slot)
    values = {**vars(slot), "content": content, "variables": Jsonb(dict(variables))}
    return int(fetch_one(connection, _SQL["add"], **values)["version"])


def deactivate(connection: Connection, slot: Slot) -> bool:
    """Use no version any longer; whether there was one."""
    return bool(fetch(connection, _SQL["deactivate"], **vars(slot)))


def unknown(content: str, variables: Iterable[str]) -> list[str]:
    """Placeholders of `content` that nothing fills in; "{{" itself when braces hold no name."""
    names = dict.fromkeys(PLACEHOLDER.findall(content))  # each once, in their order
    strange = ["{{"] if "{{" in PLACEHOLDER.sub("", content) else []
    return [name for name in names if name not in {*variables, *BUILT_IN}] + strange


def _spelt(variables: Mapping[str, Any]) -> str:
    """To compare by: for Python true and 1 are the same."""
    return json.dumps(variables, sort_keys=True)
