"""Two runs, a killed one, and webhooks in the middle of a look."""

import asyncio
import os
import signal
import time
from pathlib import Path

import httpx

from functions.ingest_webhook.request import ParsedRequest, WebhookRequest
from functions.ingest_webhook.yclients import parse
from functions.ingest_webhook.yclients.store import Writer
from functions.verify_bookings import bookings
from infra.sandbox.server import SandboxServer
from shared.clients.yclients import Record
from shared.database.pool import Database
from tests.conftest import rows
from tests.functions.verify_bookings.world import PARTNER, BookedSalon, Tick
from tests.helpers import canaries
from tests.helpers.serving import serve
from tests.helpers.waiting import until

CAME = Record("501", False, 1, None, {"attendance": 1})  # noqa: FBT003


def hinted(salon: BookedSalon, number: int) -> ParsedRequest[parse.Record]:
    """A hook of a record, as ingest_webhook parses it."""
    return ParsedRequest(1, "c" * 32, WebhookRequest("", b"", ""), [parse.Hint(str(salon.id), str(number))])


async def hint(database: Database, salon: BookedSalon, number: int) -> dict[str, int]:
    """What ingest_webhook does with a webhook."""
    [tally] = await Writer(database).write([hinted(salon, number)])
    return tally


async def test_a_claimed_booking_is_nobody_elses(salon: BookedSalon, database: Database) -> None:
    salon.book(501)
    [mine] = await bookings.claim(database, salon.id, 10)
    assert await bookings.claim(database, salon.id, 10) == []

    await bookings.settle(database, [(mine, CAME)])

    assert salon.booking(501)["status"] == "completed"


async def test_who_lost_the_lease_writes_nothing(salon: BookedSalon, database: Database) -> None:
    salon.book(501)
    [late] = await bookings.claim(database, salon.id, 10)
    salon.make_due()  # the lease ran out
    [mine] = await bookings.claim(database, salon.id, 10)

    counts = await bookings.settle(database, [(late, CAME)])
    await bookings.mark_failed(database, [late], "away")
    await bookings.mark_missing(database, [late])
    await bookings.release(database, [late])

    assert counts == {"verified": 0, "changed": 0}
    row = salon.booking(501)
    assert (row["status"], row["attempts"], row["last_error"], row["verified_at"]) == ("created", 0, None, None)
    assert (await bookings.settle(database, [(mine, CAME)]))["verified"] == 1


async def test_a_hint_during_a_lookup_makes_the_booking_due_again(
    salon: BookedSalon, tick: Tick, database: Database, sandbox: SandboxServer
) -> None:
    salon.both(501)
    sandbox.yclients.latency = 2.2
    looking = asyncio.create_task(tick(seconds=2))
    await until(lambda: bool(sandbox.yclients.journal))
    assert await hint(database, salon, 501) == {"stored": 1, "ignored": 0, "unparsed": 0}
    report = await looking

    assert (report["verified"], report["remaining"]) == (0, 1)
    salon.record(501, attendance=1)
    await tick()
    assert salon.booking(501)["status"] == "completed"


async def test_a_hint_makes_a_booking_due_that_never_would_be_again(
    salon: BookedSalon, tick: Tick, database: Database
) -> None:
    salon.both(501, attendance=-1)
    for _ in range(2):
        await tick()
        salon.make_due()
    await tick()
    assert not salon.booking(501)["ever"]
    salon.record(501, deleted=True)

    assert (await hint(database, salon, 501))["stored"] == 1
    await tick()

    assert salon.booking(501)["status"] == "cancelled"


async def test_a_killed_runs_bookings_are_looked_at_by_a_later_one(
    salon: BookedSalon, tick: Tick, database_url: str, sandbox: SandboxServer, printed: Path
) -> None:
    salon.both(501, attendance=1)
    sandbox.yclients.fail(does="hang")
    settings = {
        "DATABASE_URL": database_url, "CRON_SECRET": canaries.CRON_SECRET, "YCLIENTS_PARTNER_TOKEN": PARTNER,
        "YCLIENTS_API_URL": f"{sandbox.url}/yclients",
    }  # fmt: skip
    with serve("verify_bookings", printed, **settings) as served:
        async with httpx.AsyncClient(trust_env=False, timeout=120) as client:
            call = asyncio.create_task(client.post(served.url, headers={"x-cron-secret": canaries.CRON_SECRET}))
            await until(lambda: bool(sandbox.yclients.journal))
            os.killpg(served.process.pid, signal.SIGKILL)
            await asyncio.wait({call})
            assert call.exception() is not None

    assert (await tick())["verified"] == 0  # it is leased
    assert salon.booking(501)["hours"] == 0.2
    salon.make_due()
    assert (await tick())["verified"] == 1


async def test_a_thousand_hints_and_runs_at_once_end_without_a_deadlock(
    salon: BookedSalon, tick: Tick, database: Database
) -> None:
    for number in range(1, 41):
        salon.both(number, attendance=1)
    end = time.monotonic() + 3

    async def hints(step: int) -> None:
        while time.monotonic() < end:
            numbers = range(40, 0, -1) if step % 2 else range(1, 41)
            await Writer(database).write(
                [
                    ParsedRequest(1, "c" * 32, WebhookRequest("", b"", ""), [parse.Hint(str(salon.id), str(number))])
                    for number in numbers
                ]
            )

    async def runs() -> None:
        while time.monotonic() < end:
            await tick(seconds=1)

    await asyncio.gather(*(hints(step) for step in range(3)), runs(), runs())
    await tick()

    assert (
        rows(salon.connection, "select count(*) as n from dashboard.bookings where status <> 'completed'")[0]["n"] == 0
    )
