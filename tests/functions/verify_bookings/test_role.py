"""The functions as the roles that they are deployed with: grants and policies let them through, and no further."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest

from functions.ingest_webhook.request import ParsedRequest, WebhookRequest
from functions.ingest_webhook.yclients.parse import Hint
from functions.ingest_webhook.yclients.store import Writer
from functions.verify_bookings import run
from infra.sandbox.server import SandboxServer
from shared.clients.http import HttpClient
from shared.clients.yclients import YClients
from shared.database.pool import Database
from tests.conftest import rows
from tests.functions.verify_bookings.world import PARTNER, BookedSalon, open_salon
from tests.helpers import arrange, grants

Opened = Callable[[str], Any]


@pytest.fixture
def as_role(direct_url: str) -> Opened:
    """A handle whose connections are a function's role."""

    @asynccontextmanager
    async def opened(function: str) -> AsyncIterator[Database]:
        database = Database(grants.as_role(direct_url, function))
        yield database
        await database.close()

    return opened


async def test_a_run_does_all_its_work_as_its_role(salon: BookedSalon, sandbox: SandboxServer, as_role: Opened) -> None:
    salon.booked("501")
    salon.booked("502")
    salon.record(501, attendance=1)
    salon.seal_token()
    other = open_salon(salon.connection, sandbox.yclients, 45650)
    other.both(7, attendance=2)
    sandbox.yclients.fail(does="status", status=401, company_id=other.company)
    web = HttpClient(2)
    async with as_role("verify_bookings") as database:
        yclients = YClients(web, f"{sandbox.url}/yclients", PARTNER)
        report = await run.run(database, yclients, arrange.SECRETS_KEY, 10, 0.0)
    await web.close()

    assert (report["taken_in"], report["verified"], report["failed"]) == (2, 1, 1)
    assert salon.booking(501)["status"] == "completed"
    assert other.booking(7)["last_error"] == "refused"
    assert len(rows(salon.connection, "select from dashboard.audits")) == 1


async def test_a_hint_gets_through_as_the_role_of_ingest_webhook(salon: BookedSalon, as_role: Opened) -> None:
    salon.book(501, look_at="infinity")
    async with as_role("ingest_webhook") as database:
        [tally] = await Writer(database).write(
            [ParsedRequest(1, "c" * 32, WebhookRequest("", b"", ""), [Hint(str(salon.id), "501")])]
        )

    assert tally["stored"] == 1
    assert salon.booking(501)["hours"] == 0.0


@pytest.mark.parametrize(
    ("function", "statement"),
    [
        ("ingest_webhook", "select metadata from public.tenants_v2"),
        ("ingest_webhook", "update dashboard.bookings set status = 'completed'"),
        ("ingest_webhook", "select client_id from dashboard.bookings"),
        ("verify_bookings", "update public.tenants_v2 set metadata = '{}'"),
        ("verify_bookings", "update public.conversation_sessions_v2 set booking_id = null"),
        ("verify_bookings", "update platform.tenant_secrets set sealed = ''"),
        ("ingest_webhook", "select sealed from platform.tenant_secrets"),
        ("daily_metrics_digest", "select sealed from platform.tenant_secrets"),
        ("verify_bookings", "select phone from public.clients_v2"),
        ("verify_bookings", "select booking_amount from public.conversation_sessions_v2"),
    ],
)
def test_what_is_not_theirs_is_refused(connection: psycopg.Connection[Any], function: str, statement: str) -> None:
    grants.check_refused(connection, function, statement)
