"""A source's settings can be changed; it can be paused, resumed, and removed while nothing depends on it."""

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import errors
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from infra.admin import sources
from infra.admin.corrections import redact_paths
from infra.admin.database import Connection, fetch, fetch_one
from infra.admin.errors import AdminError
from infra.admin.sources import NewSource, Provider
from shared.database import sql

PREVIEWED = 1000  # payloads of each table
TENANT = "tenant_id"  # what a YClients source's field map holds

_SQL = sql.load(__file__)


def find(connection: Connection, name: str, provider: Provider | None = None) -> DictRow:
    """The id, provider, name, gateway and pause of the source called `name`. Raises AdminError: none, or several."""
    found = fetch(connection, _SQL["find"], name=name, provider=provider)
    if not found:
        known = ", ".join(row["name"] for row in fetch(connection, _SQL["names"]))
        next_step = f"look: carillon sources list; there are: {known}" if known else "look: carillon sources list"
        raise AdminError(f"there is no {provider + ' ' if provider else ''}source {name}", next_step)
    if len(found) > 1:
        providers = [row["provider"] for row in found]
        raise AdminError(
            f"{name} is a source of {' and of '.join(providers)}", f"say which you mean: --provider {providers[0]}"
        )
    return found[0]


def read(connection: Connection, source: int) -> DictRow:
    """A source's settings."""
    return fetch_one(connection, _SQL["read"], source=source)


def change(connection: Connection, source: int, given: Mapping[str, Any]) -> DictRow:
    """Write what is `given`, columns, and `bot`, `tenant` and `maps` by what people call them; the settings now.

    A field that `maps` maps to "" is called as we call it. Raises ValueError when something has not its form or is not
    of the source's provider, AdminError for a name that is unknown.
    """
    with connection.transaction():
        row = read(connection, source)
        _check(row, given)
        row |= {column: value for column, value in given.items() if column in row and column != "bot"}
        if "bot" in given:
            row["bot_id"] = sources.bot_id(connection, given["bot"])
        if "tenant" in given:
            row["field_map"] = {TENANT: sources.tenant_id(connection, given["tenant"])}
        merged = {**row["field_map"], **given.get("maps", {})}
        row["field_map"] = {field: theirs for field, theirs in merged.items() if theirs}
        if row["gateway"] not in sources.SIGNING_GATEWAYS:
            row["signing_secret_sealed"] = None
        connection.execute(_SQL["write"], {**row, "field_map": Jsonb(row["field_map"])})
        return read(connection, source)


def redact(connection: Connection, source: int, paths: Sequence[str]) -> DictRow:
    """Let housekeeping redact what `paths` name; how many of the newest `payloads` that will have `changed`.

    Raises ValueError for what is no path, or no source that keeps payloads.
    """
    parsed = redact_paths.parse(paths)
    with connection.transaction():
        if read(connection, source)["provider"] != "getcourse":
            raise ValueError("--redact is of GetCourse's sources: of the others no payload is kept")
        connection.execute(_SQL["redact"], {"source": source, "redact": Jsonb(parsed)})
        return fetch_one(connection, _SQL["newest"], source=source, redact=Jsonb(parsed), most=PREVIEWED)


def _check(row: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """Raises ValueError."""
    provider, gateway = row["provider"], given.get("gateway", row["gateway"])
    tenant = given.get("tenant") or ("" if provider != "yclients" else "its own")
    sources.check(
        NewSource(
            provider, row["name"], gateway, given.get("maps", {}), given.get("admin_chat_id"),
            given.get("link_template") or "", given.get("collapse_seconds"), tenant,
        )
    )  # fmt: skip
    if gateway != row["gateway"] or "signing_secret_sealed" in given:
        sources.check_signing(gateway, given="signing_secret_sealed" in given)


def pause(connection: Connection, source: int) -> bool:
    """Keep unread from now on what the source brings; False if that was so already."""
    return connection.execute(_SQL["pause"], {"source": source}).rowcount > 0


def resume(connection: Connection, source: int) -> bool:
    """Read again what the source brings; False if that was so already."""
    return connection.execute(_SQL["resume"], {"source": source}).rowcount > 0


def remove(connection: Connection, source: DictRow) -> None:
    """Remove a source of which there is nothing but what was dismissed. Raises AdminError."""
    with connection.transaction():
        read(connection, source["id"])
        _check_unused(source, fetch_one(connection, _SQL["uses"], source=source["id"]))
        connection.execute(_SQL["delete_dismissed"], {"source": source["id"]})
        try:
            connection.execute(_SQL["delete"], {"source": source["id"]})
        except errors.ForeignKeyViolation:
            raise AdminError(f"something came to {source['name']} just now", "pause it first, and try again") from None


def _check_unused(source: Mapping[str, Any], uses: Mapping[str, Any]) -> None:
    """Raises AdminError."""
    name, which = source["name"], f"{source['name']} --provider {source['provider']}"
    if uses["desk"]:
        raise AdminError(
            f"source {name} is the client {uses['desk']}'s",
            f"remove the client first: carillon support remove {uses['desk']}; "
            f"or pause the source: carillon sources pause {which}",
        )
    if uses["events"]:
        raise AdminError(
            f"{uses['events']} events of {name} are kept, and say where they came from",
            f"close its address instead: carillon sources rotate {which} --keep-old-for 0, without using the new one; "
            f"or pause it: carillon sources pause {which}",
        )
    if uses["open"]:
        raise AdminError(
            f"{uses['open']} deliveries of {name} wait in the inbox",
            f"look: carillon inbox list --source {name}; then: carillon inbox replay --source {name}, "
            f"or carillon inbox dismiss --source {name} --reason …",
        )
