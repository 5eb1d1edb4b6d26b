"""The prompts of the learning system, in versions: of each slot, the newest active version is used."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from infra.admin.database import Connection, fetch, fetch_one
from infra.admin.errors import AdminError
from infra.admin.learning import declarations
from infra.admin.prompt_text import strip_prompt
from shared.database import sql
from shared.learning.placeholders import BUILT_IN, PLACEHOLDER
from shared.learning.tabs import Tab

Scope = Literal["global", "track", "createTrack"]

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Slot:
    """Where a template is used: its scope; the track's id if it belongs to one; its tab, None in all three."""

    scope: Scope
    track: UUID | None
    tab: Tab | None

    @property
    def label(self) -> str:
        """As people name it."""
        return f"{self.scope}, {self.tab or 'all tabs'}"


@dataclass(frozen=True)
class Replaced:
    """The number of the new version, None where the text was in use already; and the text's length in characters."""

    version: int | None
    length: int


def find_slot(connection: Connection, scope: Scope, track: str = "", tab: Tab | None = None) -> Slot:
    """The slot of a scope and a tab; `track` is the slug of one. Raises AdminError when there is no such track."""
    return Slot(scope, _track_id(connection, track) if track else None, tab)


def active(connection: Connection, slot: Slot) -> DictRow | None:
    """The version that is used."""
    found = fetch(connection, _SQL["active"], **vars(slot))
    return found[0] if found else None


def replace(connection: Connection, slot: Slot, text: str, declared: Mapping[str, Any]) -> Replaced:
    """Use a new text. It keeps those variables of the version before that it still uses, unless `declared` names them.

    Raises AdminError when the text is no prompt, uses a variable that nothing fills in, or one is declared wrong.
    """
    text = strip_prompt(text)
    checked = _checked(declared)
    with connection.transaction():
        lock(connection)
        before = active(connection, slot)
        used = PLACEHOLDER.findall(text)
        kept = {name: value for name, value in (before["variables"] if before else {}).items() if name in used}
        known = {**kept, **checked}
        if unknown := unknown_placeholders(text, known):
            raise AdminError(
                f"the text uses {', '.join(unknown)}, which nothing fills in",
                f"give --variable NAME=DEFAULT for each; built in are {', '.join(BUILT_IN)}",
            )
        return Replaced(put(connection, slot, text, known), len(text))


def _checked(declared: Mapping[str, Any]) -> dict[str, Any]:
    """Raises AdminError that names the variable."""
    checked = {}
    for name, declaration in declared.items():
        try:
            checked[name] = declarations.checked(declaration)
            declarations.check_names({name: declaration})
        except ValueError as error:
            problem, _, next_step = str(error).partition(": ")
            raise AdminError(f"the variable {name} {problem}", next_step or "correct it") from None
    return checked


def lock(connection: Connection) -> None:
    """Let nobody else change templates or import tracks until this transaction ends."""
    connection.execute(_SQL["lock"])


def put(connection: Connection, slot: Slot, content: str, variables: Mapping[str, Any]) -> int | None:
    """Make this the version that is used, under `lock`; its number, or None where it was that already."""
    now = active(connection, slot)
    if now and (now["content"], _to_json(now["variables"])) == (content, _to_json(variables)):
        return None
    deactivate(connection, slot)
    values = {**vars(slot), "content": content, "variables": Jsonb(dict(variables))}
    return int(fetch_one(connection, _SQL["add"], **values)["version"])


def deactivate(connection: Connection, slot: Slot) -> bool:
    """Use no version any longer; whether there was one."""
    with connection.transaction():
        lock(connection)
        return bool(fetch(connection, _SQL["deactivate"], **vars(slot)))


def unknown_placeholders(content: str, variables: Iterable[str]) -> list[str]:
    """Placeholders of `content` that nothing fills in; "{{" itself when braces hold no name."""
    names = dict.fromkeys(PLACEHOLDER.findall(content))  # each once, in their order
    malformed = ["{{"] if "{{" in PLACEHOLDER.sub("", content) else []
    return [name for name in names if name not in {*variables, *BUILT_IN}] + malformed


def _track_id(connection: Connection, slug: str) -> UUID:
    found = fetch(connection, _SQL["track"], slug=slug)
    if not found:
        known = ", ".join(row["slug"] for row in fetch(connection, _SQL["slugs"]))
        next_step = f"there are: {known}" if known else "add one: carillon learning import FILE.yml"
        raise AdminError(f"there is no track {slug}", next_step)
    track: UUID = found[0]["id"]
    return track


def _to_json(variables: Mapping[str, Any]) -> str:
    """To compare by: for Python true and 1 are the same."""
    return json.dumps(variables, sort_keys=True)
