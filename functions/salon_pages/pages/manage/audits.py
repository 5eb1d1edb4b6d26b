"""The audit: who did what, when and from where."""

from collections.abc import Sequence

from starlette.responses import Response

from functions.salon_pages.display.table import Column, Row, Table
from functions.salon_pages.pages.numbers import parts
from functions.salon_pages.reports.manage import audits
from functions.salon_pages.site.templates import texts_in
from functions.salon_pages.site.visit import SalonVisit
from functions.salon_pages.texts.manage import audits as texts
from functions.salon_pages.texts.me import WAYS
from functions.salon_pages.texts.numbers import periods
from shared.database.pool import Connection
from shared.database.pool import Row as Found
from shared.errors import Unauthenticated
from shared.http import requests

MAX_ROWS, MAX_FILE = 50, 10_000


async def page(visit: SalonVisit) -> Response:
    """The latest acts; `?before=` leads to older ones."""
    before = requests.whole_number(visit.request, "before")
    async with visit.reading() as connection:
        rows = await audits.listed(connection, visit.salon.id, before, MAX_ROWS + 1)
    shown = rows[:MAX_ROWS]
    older = visit.link("/audit", before=shown[-1]["id"], **visit.days) if len(rows) > MAX_ROWS else ""
    return visit.page(
        "audit.html", texts, section="audit", p=texts_in(periods, visit.language), table=_table(visit, shown),
        older=older, newest=visit.link("/audit", **visit.days) if before else "",
        file_of=lambda table: parts.file(visit, table),
    )  # fmt: skip


async def file(connection: Connection, visit: SalonVisit) -> Table:
    """The latest acts in a file. Raises Unauthenticated: the viewer does not manage the salon."""
    if not visit.viewer.manages:
        raise Unauthenticated
    return _table(visit, await audits.listed(connection, visit.salon.id, None, MAX_FILE))


def _table(visit: SalonVisit, rows: Sequence[Found]) -> Table:
    columns = [
        Column(texts.WHEN, "moment"), Column(texts.WHO), Column(texts.WHAT), Column(texts.DETAILS), Column(texts.FROM),
    ]  # fmt: skip
    return Table("audit", texts.ACTS, columns, [Row(_cells(visit, row)) for row in rows])


def _cells(visit: SalonVisit, row: Found) -> list[object]:
    action = texts.ACTIONS.get(row["action"])
    return [
        visit.local(row["created_at"]), _who(visit, row), action.in_(visit.language) if action else row["action"],
        _details(visit, row), row["ip_address"],
    ]  # fmt: skip


def _who(visit: SalonVisit, row: Found) -> str:
    """By name, if they are of this salon; commands and those who look after all salons are the operator."""
    if row["user_name"]:
        return str(row["user_name"])
    if row["user_id"] is not None or row["actor"].startswith("cli:"):
        return texts.OPERATOR.in_(visit.language)
    return str(row["actor"])


def _details(visit: SalonVisit, row: Found) -> str:
    """What changed, from what to what; else what it was about; else the sentence that was written down."""
    metadata = row["metadata"]
    changes = [
        f"{name}: {value['from']} → {value['to']}"
        for name, value in metadata.items()
        if isinstance(value, dict) and {"from", "to"} <= set(value)
    ]
    facts = [
        text.in_(visit.language).format(value=metadata[name]) for name, text in texts.FACTS.items() if name in metadata
    ]
    if metadata.get("way") in WAYS:
        facts.append(WAYS[metadata["way"]].in_(visit.language))
    return "; ".join([*facts, *changes]) or ("" if row["action"] in texts.ACTIONS else str(row["description"]))
