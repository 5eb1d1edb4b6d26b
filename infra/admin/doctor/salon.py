"""Doctor: the salons. Each check returns findings and changes nothing."""

from collections.abc import Iterator, Mapping
from typing import Any

from infra.admin.database import Connection, fetch
from infra.admin.doctor.finding import Finding
from infra.admin.formats import format_duration, format_value
from infra.admin.salon.connect import removal
from infra.admin.salon.tenants import as_keeper
from shared.database import sql
from shared.payload import timezones

AREA = "salon"
SLOW_SECONDS = 2 * 3600.0  # that a booking may wait: many at once take an hour

_SQL = sql.load(__file__)


def salons(connection: Connection) -> list[Finding]:
    """Each active salon: its bot, the last session, the last digest; bookings that wait; what the bot's tables lack."""
    with as_keeper(connection, read_only=True):
        rows = fetch(connection, _SQL["salons"])
        findings = [finding for row in rows for finding in _salon(row)]
        findings += [_overdue(row) for row in fetch(connection, _SQL["overdue"])]
        findings += [_in_clear(row) for row in fetch(connection, _SQL["open_secrets"])]
        if rows:
            findings += [_open(row) for row in fetch(connection, _SQL["open"])]
            findings += [_hidden(row) for row in fetch(connection, _SQL["hidden"])]
            findings += [_unindexed(row) for row in fetch(connection, _SQL["unindexed"])]
    return findings


def _salon(row: Mapping[str, Any]) -> Iterator[Finding]:
    name, slug = row["name"], row["slug"]
    if row["bot_id"] is None:
        yield Finding("warning", AREA, f"{name} is not connected", f"run: carillon salon connect {slug}", name)
    else:
        last = f"last digest {format_value(row['last_digest'])}" if row["last_digest"] else "no digest yet"
        yield Finding("ok", AREA, f"{name} is connected, {last}", subject=name)
    if row["unknown_zone"] is not None:
        yield Finding("problem", AREA, f"{name} has an unknown time zone, {row['unknown_zone']!r}; "
                      f"{timezones.OF_SALONS} stands in for it",
                      f"run: carillon salon settings {slug} --timezone {timezones.OF_SALONS}, or whichever is theirs",
                      name)  # fmt: skip
    if row["stale"]:
        last = f"last session {format_value(row['last_session'])}" if row["last_session"] else "no session yet"
        yield Finding("warning", AREA, f"{name}: {last}, more than {row['stale_hours']} hours ago",
                      "see that the salon's bot works and archives its sessions", name)  # fmt: skip


def _overdue(row: Mapping[str, Any]) -> Finding:
    """What is due since a moment ago is in order: the next run looks it up."""
    message = f"bookings of {row['salons']} salons are due at YClients, the oldest, of {row['name']}, since "
    message += format_duration(row["age"])
    if row["age"] <= SLOW_SECONDS:
        return Finding("ok", AREA, message)
    step = "see that verify_bookings is called, YCLIENTS_PARTNER_TOKEN is set, and the salon has a company and a token"
    return Finding("warning", AREA, message, step)


def _in_clear(row: Mapping[str, Any]) -> Finding:
    """The bot's table is the bot's: its people take out what they keep elsewhere."""
    names, step = " and ".join(row["secrets"]), f"run: carillon salon connect {row['slug']}"
    if not row["is_unsealed"]:
        step = f"once its bot has them elsewhere, let its owner run: {removal(row['id'], row['secrets'])}"
    return Finding("warning", AREA, f"{row['name']}: {names} in clear in public.tenants_v2.metadata", step, row["name"])


def _open(row: Mapping[str, Any]) -> Finding:
    """Supabase gives new tables of `public` to everybody who has its public key."""
    return Finding("warning", AREA, f"{row['name']} of the bot is open to {row['role']}, without row level security",
                   f"let its owner run: alter table {row['name']} enable row level security")  # fmt: skip


def _hidden(row: Mapping[str, Any]) -> Finding:
    """Policies of others, under which our views and functions see nothing."""
    return Finding("problem", AREA, f"the bot's policies hide the rows of {row['name']} from {row['role']}",
                   f"let its owner run: create policy carillon_{row['role']} on {row['name']} for select "
                   f"to {row['role']} using (true)")  # fmt: skip


def _unindexed(row: Mapping[str, Any]) -> Finding:
    """The bot's table is the bot's, and its indexes are."""
    message = f"{row['name']} of the bot has no index by {row['of']}: whoever asks reads all of it"
    step = f"let its owner run: create index concurrently on {row['name']} {row['columns']}"
    return Finding("warning", AREA, message, step)
