"""The waiting list: who waits, and what the salon has done about it. The bot's own list stays as it is."""

from collections.abc import Sequence

from starlette.responses import Response

from functions.salon_pages.display import asked
from functions.salon_pages.display.table import Column, Row, Table
from functions.salon_pages.pages.numbers import parts
from functions.salon_pages.reports import waiting
from functions.salon_pages.reports.waiting import Wish
from functions.salon_pages.session.audit import Act
from functions.salon_pages.site.templates import texts_in
from functions.salon_pages.site.visit import SalonVisit
from functions.salon_pages.texts.numbers import periods
from functions.salon_pages.texts.numbers import waiting as texts
from shared.database import sql
from shared.database.pool import Connection
from shared.errors import Unauthenticated

MAX_WISHES = 500
MAX_DONE = 20

_SQL = sql.load(__file__)


async def page(visit: SalonVisit) -> Response:
    """The page."""
    async with visit.reading() as connection:
        clock = await asked.read_clock(connection, visit)
        rows, found = await waiting.pending(connection, clock, MAX_WISHES)
        done = await waiting.done(connection, clock, MAX_DONE)
    return visit.page(
        "waiting.html", texts, section="waiting", p=texts_in(periods, visit.language), table=_table(rows),
        done=_done_table(done), file_of=lambda table: parts.file(visit, table), found=found, shown=len(rows),
    )  # fmt: skip


async def file(connection: Connection, visit: SalonVisit) -> Table:
    """All who wait."""
    rows, found = await waiting.pending(connection, await asked.read_clock(connection, visit), parts.MAX_FILE_ROWS)
    parts.check_file_rows(found)
    return _table(rows)


async def done_file(connection: Connection, visit: SalonVisit) -> Table:
    """What was marked as done lately."""
    return _done_table(await waiting.done(connection, await asked.read_clock(connection, visit), MAX_DONE))


async def mark(visit: SalonVisit, number: str) -> Response:
    """Note that a wish is done. Raises Unauthenticated: nobody waits for it in this salon."""
    wish = asked.row_number(number)
    async with visit.reading() as connection:
        if not await waiting.is_pending(connection, visit.salon.id, wish):
            raise Unauthenticated
    async with visit.changing() as connection:
        values = {"tenant": visit.salon.id, "wish": wish, "user": visit.viewer.user_id}
        if await sql.fetch_optional(connection, _SQL["mark"], values):
            await visit.audit(connection, Act("convert_wishlist", f"wish {wish} is done", {"wish": wish, "done": True}))
    return visit.go("/waiting")


async def unmark(visit: SalonVisit, number: str) -> Response:
    """Put a wish back on the list."""
    wish = asked.row_number(number)
    async with visit.changing() as connection:
        if await sql.fetch_optional(connection, _SQL["unmark"], {"tenant": visit.salon.id, "wish": wish}):
            act = Act("convert_wishlist", f"wish {wish} is not done", {"wish": wish, "done": False})
            await visit.audit(connection, act)
    return visit.go("/waiting")


def _table(rows: Sequence[Wish]) -> Table:
    columns = [
        Column(texts.SINCE, "moment"), Column(texts.CLIENT), Column(texts.PHONE), Column(texts.ITEM),
        Column(texts.STAFF), Column(texts.PREFERRED), Column(texts.COMMENT),
    ]  # fmt: skip
    return Table("waiting", texts.WAIT, columns, [Row(_cells(wish), key=str(wish.id)) for wish in rows])


def _done_table(rows: Sequence[Wish]) -> Table:
    columns = [
        Column(texts.WHEN, "moment"), Column(texts.BY), Column(texts.CLIENT), Column(texts.ITEM),
        Column(texts.COMMENT),
    ]  # fmt: skip
    shown = [Row([wish.done_at, wish.done_by, wish.client, wish.item, wish.comment], key=str(wish.id)) for wish in rows]
    return Table("done", texts.SETTLED, columns, shown)


def _cells(wish: Wish) -> list[object]:
    return [wish.created_at, wish.client, wish.phone, wish.item, wish.staff, wish.preferred, wish.comment]
