"""Alerts: those that are open, those that are over, and [Принято], which is the same one as in Telegram."""

from collections.abc import Sequence

from starlette.responses import Response

from functions.salon_pages.display import asked
from functions.salon_pages.display.table import Column, Row, Table
from functions.salon_pages.pages.numbers import parts
from functions.salon_pages.reports.manage import alerts
from functions.salon_pages.session.audit import Act
from functions.salon_pages.site.templates import texts_in
from functions.salon_pages.site.visit import SalonVisit
from functions.salon_pages.texts.manage import alerts as texts
from functions.salon_pages.texts.numbers import periods
from shared import logs
from shared.database import sql
from shared.database.pool import Connection
from shared.database.pool import Row as Found
from shared.delivery.enqueue import enqueue
from shared.errors import Unauthenticated
from shared.salon import accepted_alerts
from shared.salon.texts import ALERT_KINDS

MAX_OVER, MAX_FILE = 50, 5000

_SQL = sql.load(__file__)


async def page(visit: SalonVisit) -> Response:
    """The page."""
    async with visit.reading() as connection:
        opened = await alerts.opened(connection, visit.salon.id)
        over = await alerts.over(connection, visit.salon.id, MAX_OVER)
    return visit.page(
        "alerts.html", texts, section="alerts", p=texts_in(periods, visit.language), opened=opened,
        kinds={key: kind.in_(visit.language) for key, kind in ALERT_KINDS.items()}, table=_table(visit, over),
        file_of=lambda table: parts.file(visit, table),
    )  # fmt: skip


async def file(connection: Connection, visit: SalonVisit) -> Table:
    """All alerts of the salon."""
    opened = await alerts.opened(connection, visit.salon.id)
    return _table(visit, [*opened, *await alerts.over(connection, visit.salon.id, MAX_FILE)])


async def accept(visit: SalonVisit, number: str) -> Response:
    """Accept an alert: its message in Telegram loses its button, and nothing more is sent. Raises Unauthenticated."""
    alert_id = asked.row_number(number)
    by = visit.viewer.name
    async with visit.changing() as connection:
        alert = await sql.fetch_optional(connection, _SQL["find"], {"id": alert_id, "tenant": visit.salon.id})
        if alert is None:
            raise Unauthenticated
        if await sql.fetch_optional(connection, _SQL["acknowledge"], {"id": alert_id, "name": by}):
            description = f"{alert['kind']} ({alert['severity']})"
            await visit.audit(connection, Act("acknowledge_alert", description, {"alert_id": alert_id}))
            await _edit(connection, visit, alert, by)
            logs.info("alert_accepted", alert_id=alert_id, first=True)
    if alert["bot_id"]:
        await visit.around.poke(alert["bot_id"])
    return visit.go("/alerts")


async def _edit(connection: Connection, visit: SalonVisit, alert: Found, by: str) -> None:
    """Show in the message that was sent, if one was, who accepted the alert."""
    if alert["message_id"] is None or alert["bot_id"] is None:
        return
    text = accepted_alerts.text(alert["text"], by, alert["now"], visit.salon.timezone, alert["language"])
    edit = accepted_alerts.edit(alert["bot_id"], alert["chat_id"], alert["message_id"], alert["id"], text)
    await enqueue(connection, [edit])


def _table(visit: SalonVisit, rows: Sequence[Found]) -> Table:
    columns = [
        Column(texts.RAISED, "moment"), Column(texts.KIND), Column(texts.SEVERITY), Column(texts.WHAT),
        Column(texts.OVER_AT, "moment"), Column(texts.ACCEPTED_AT, "moment"), Column(texts.ACCEPTED_BY),
    ]  # fmt: skip
    return Table("alerts", texts.HISTORY, columns, [Row(_cells(visit, row), key=str(row["id"])) for row in rows])


def _cells(visit: SalonVisit, row: Found) -> list[object]:
    kind, severity = ALERT_KINDS[row["kind"]], texts.SEVERITIES[row["severity"]]
    return [
        visit.local(row["triggered_at"]), kind.in_(visit.language), severity.in_(visit.language), row["description"],
        visit.local(row["resolved_at"]), visit.local(row["acknowledged_at"]), row["acknowledged_by"],
    ]  # fmt: skip
