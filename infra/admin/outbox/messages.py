"""Messages of the outbox as an operator may read them: without texts and most of a phone number, unless asked for."""

from collections.abc import Mapping
from typing import Any

from psycopg.rows import DictRow

from infra.admin.database import Connection, fetch
from infra.admin.errors import AdminError
from infra.admin.outbox.selection import Selection
from shared import masking
from shared.database import sql
from shared.delivery.kinds import PRIORITY_RANK

TEXTS = ("text", "caption")
MAY_HOLD_PHONES = ("payload", "guard", "dedup_key", "error_text")
_PRIORITIES = {rank: name for name, rank in PRIORITY_RANK.items()}

_SQL = sql.load(__file__)


def list_selected(connection: Connection, selection: Selection, limit: int) -> list[dict[str, Any]]:
    """At most `limit` messages, the newest first. Raises AdminError when there is no such bot."""
    return [_readable(row) for row in selection.rows(connection, _SQL["list"], limit=limit)]


def get(connection: Connection, number: int, *, whole: bool) -> tuple[dict[str, Any], list[DictRow]]:
    """One message and its attempts; its texts and whole address only when `whole`. Raises AdminError: there is none."""
    rows = fetch(connection, _SQL["show"], id=number)
    if not rows:
        raise AdminError(f"there is no outbox row {number}", "look: carillon outbox list")
    message = _readable(rows[0], whole=whole)
    if not whole:
        message["payload"] = without_text(message["payload"])
    return message, fetch(connection, _SQL["attempts"], ids=[number])


def without_text(payload: Mapping[str, Any]) -> dict[str, Any]:
    """`payload` with its texts replaced by their lengths."""
    hidden = {name: f"({len(str(payload[name]))} characters; --text shows them)" for name in TEXTS if name in payload}
    return {**payload, **hidden}


def _readable(row: Mapping[str, Any], *, whole: bool = False) -> dict[str, Any]:
    """A row with its priority as a word and, unless `whole`, without most of a phone number."""
    readable = {**row, "priority": _PRIORITIES[row["priority"]]}
    if whole:
        return readable
    address = row["recipient"]
    masked = masking.mask_address(address) if address else None
    lane = row["lane"].replace(address, masked) if address else row["lane"]
    shown = {name: masking.mask_values(readable[name]) for name in MAY_HOLD_PHONES if name in readable}
    return {**readable, **shown, "recipient": masked, "lane": lane}
