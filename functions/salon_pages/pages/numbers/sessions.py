"""Dialogs, one by one: a list with filters, and a dialog with its messages."""

from collections.abc import Sequence

from starlette.responses import Response

from functions.salon_pages.display import asked
from functions.salon_pages.display.table import Column, Row, Table
from functions.salon_pages.pages.numbers import parts
from functions.salon_pages.reports import dialogs
from functions.salon_pages.reports.dialogs import Dialog, Filters
from functions.salon_pages.session.audit import Act
from functions.salon_pages.site.visit import SalonVisit
from functions.salon_pages.texts.numbers import sessions as texts
from shared.database.pool import Connection
from shared.errors import Unauthenticated
from shared.i18n import dates
from shared.i18n.shorten import shorten

DAYS_BACK = 6
MAX_MESSAGES = 500
MAX_SUMMARY = 160
CHANNELS = ("telegram", "whatsapp")


async def page(visit: SalonVisit) -> Response:
    """The list."""
    number, filters = asked.page_number(visit.request), _filters(visit)
    async with visit.reading() as connection:
        comparison = await asked.load_days(connection, visit, DAYS_BACK)
        found = await dialogs.find(
            connection, comparison.current, filters, parts.MAX_ROWS, parts.MAX_ROWS * (number - 1)
        )
    rows, total = found
    words = _words(visit)
    return parts.page(
        visit, "sessions", texts, comparison, table=_table(visit, rows, filters), channels=CHANNELS, filters=words,
        listed=parts.listed(visit, "sessions", comparison, number, len(rows), total, **words),
    )  # fmt: skip


async def file(connection: Connection, visit: SalonVisit) -> Table:
    """All dialogs of the list, on whatever page they are."""
    comparison = await asked.load_days(connection, visit, DAYS_BACK)
    filters = _filters(visit)
    rows, total = await dialogs.find(connection, comparison.current, filters, parts.MAX_FILE_ROWS)
    parts.check_file_rows(total)
    return _table(visit, rows, filters)


async def one(visit: SalonVisit, number: str) -> Response:
    """A dialog with its messages; who read it is recorded. Raises Unauthenticated: there is none of this number."""
    dialog_id = asked.row_number(number)
    async with visit.reading() as connection:
        clock = await asked.read_clock(connection, visit)
        dialog = await dialogs.load(connection, clock, dialog_id)
        if dialog is None:
            raise Unauthenticated
        messages = await dialogs.messages(connection, clock, dialog_id, MAX_MESSAGES)
    async with visit.changing() as connection:
        await visit.audit(connection, Act("view_session", f"read dialog {dialog_id}", {"session": dialog_id}))
    return visit.page(
        "session.html", texts, section="sessions", number=dialog_id, messages=messages, most=MAX_MESSAGES,
        facts=_facts(visit, dialog), clock=dates.clock,
    )  # fmt: skip


def _words(visit: SalonVisit) -> dict[str, str | None]:
    """The filters as they stand in the address."""
    request = visit.request
    return {
        "ending": asked.choice(request, "ending", texts.ENDINGS),
        "step": asked.choice(request, "step", texts.STEPS),
        "channel": asked.word(request, "channel"),
        "booked": asked.choice(request, "booked", texts.BOOKED),
        "service": asked.word(request, "service"),
        "sort": asked.choice(request, "sort", ("slow",)),
    }


def _filters(visit: SalonVisit) -> Filters:
    words = _words(visit)
    booked = words["booked"]
    return Filters(
        words["ending"], words["step"], words["channel"], None if booked is None else booked == "yes",
        words["service"], slow=words["sort"] == "slow",
    )  # fmt: skip


def _table(visit: SalonVisit, rows: Sequence[Dialog], filters: Filters) -> Table:
    columns = [
        Column(texts.BEGAN, "moment"), Column(texts.CLIENT), Column(texts.CHANNEL), Column(texts.ENDING),
        Column(texts.STEP), Column(texts.BOOKING), Column(texts.SERVICES),
        *([Column(texts.AMOUNT, "money")] if visit.viewer.manages else []),
        Column(texts.MESSAGES, "count"),
        *([Column(texts.RESPONSE, "seconds")] if filters.slow else []),
        Column(texts.SUMMARY),
    ]  # fmt: skip
    return Table("sessions", texts.DIALOGS, columns, [_row(visit, dialog, filters) for dialog in rows])


def _row(visit: SalonVisit, dialog: Dialog, filters: Filters) -> Row:
    language = visit.language
    return Row(
        [
            dialog.started_at, dialog.client or texts.NO_NAME.in_(language), dialog.channel,
            texts.ENDINGS[dialog.ending].in_(language),
            texts.STEPS[dialog.step].in_(language) if dialog.step else "", dialog.booking_id or "",
            ", ".join(dialog.services),
            *([_money(dialog)] if visit.viewer.manages else []),
            dialog.messages,
            *([dialog.response_ms] if filters.slow else []),
            shorten(dialog.summary, MAX_SUMMARY),
        ],
        visit.link(f"/sessions/{dialog.id}", **visit.days),
    )  # fmt: skip


def _facts(visit: SalonVisit, dialog: Dialog) -> Table:
    """One dialog as a table of one row, with the bot's own word for how it ended."""
    table = _table(visit, [dialog], Filters())
    columns = [*table.columns[:-1], Column(texts.STATUS), Column(texts.SUMMARY)]
    row = Row([*table.rows[0].values[:-1], dialog.status, dialog.summary])
    return Table("session", texts.DIALOGS, columns, [row])


def _money(dialog: Dialog) -> dict[str, object]:
    return {} if dialog.amount is None else {dialog.currency or "": dialog.amount}
