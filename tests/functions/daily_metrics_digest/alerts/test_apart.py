"""Looks at once, and salons that have nothing to do with each other."""

import asyncio
import json
import time

import pytest

from functions.daily_metrics_digest.alerts import evaluate
from shared.database import sql
from shared.database.pool import Database
from tests.conftest import rows
from tests.functions.daily_metrics_digest.alerts.alerted import NOTHING, Look, dialogs, salon, standing, told
from tests.functions.daily_metrics_digest.salons import Plain
from tests.functions.daily_metrics_digest.salons import salon as a_salon

RAISE = """
    insert into dashboard.alerts (tenant_id, kind, severity, triggered_at)
    values (%(tenant)s, 'error_spike', 'critical', now())
"""
TELL = """
    update dashboard.alerts set severity = 'critical', told_severity = 'critical', told_at = now(), actual = 80
    where tenant_id = %(tenant)s
"""


@pytest.fixture
def look(database: Database) -> Look:
    """A look with time enough."""
    return lambda: evaluate.evaluate(database, time.monotonic() + 20)


async def test_two_looks_at_once_raise_and_tell_once(connection: Plain, look: Look) -> None:
    many = [salon(connection, f"Салон {n}") for n in range(20)]
    for one in many:
        dialogs(one, done=1, escalated=9)

    reports = await asyncio.gather(*(look() for _ in range(3)))

    assert sum(report["raised"] for report in reports) == 40
    assert sum(report["sent"] for report in reports) == 40
    assert {len(told(one)) for one in many} == {2}
    connection.execute("update dashboard.alerts set resolved_at = now()")
    again = await asyncio.gather(*(look() for _ in range(3)))
    assert sum(report["raised"] for report in again) == 40, "reopened once each"
    assert {len(told(one)) for one in many} == {2}


async def read(database: Database) -> evaluate.Salon:
    """The only salon, as a look reads it."""
    async with database.connection() as connection:
        return evaluate._salon(await sql.fetch_one(connection, sql.load(evaluate.__file__)["facts"]))


async def settle(database: Database, found: evaluate.Salon) -> dict[str, int]:
    """What a run does with a salon that it has read."""
    async with database.transaction() as connection:
        return await evaluate._settle(connection, [found])


async def test_what_an_overtaken_look_would_raise_is_raised_already(
    connection: Plain, database: Database, look: Look
) -> None:
    """Between its facts and its lock another run went by."""
    one = salon(connection)
    dialogs(one, done=20, escalated=10)
    found = await read(database)
    await look()

    assert await settle(database, found) == {"escalated": 0, "sent": 0}
    assert len(told(one)) == 1


@pytest.mark.parametrize("meanwhile", [RAISE, TELL])
async def test_a_look_waits_for_another_that_is_about_to_commit(
    connection: Plain, database: Database, meanwhile: str
) -> None:
    """It raises it, or tells it for the second time, at this moment."""
    one = salon(connection)
    dialogs(one, done=20, escalated=80)
    found = await read(database)
    if meanwhile == TELL:
        connection.execute(
            "insert into dashboard.alerts (tenant_id, kind, severity, triggered_at, told_severity, told_at) "
            "values (%s, 'error_spike', 'info', now(), 'info', now())",
            (one.id,),
        )
    with connection.transaction():
        connection.execute(meanwhile.encode(), {"tenant": one.id})
        settling = asyncio.create_task(settle(database, found))
        await asyncio.sleep(0.5)
        assert not settling.done()

    assert await settling == {"escalated": 0, "sent": 0}
    assert told(one) == []


async def test_salons_are_judged_apart(connection: Plain, look: Look) -> None:
    bad, good = salon(connection, "Лотос"), salon(connection, "Ирис")
    dialogs(bad, done=1, dropped=49)
    dialogs(good, done=49, dropped=1)

    await look()

    assert (len(standing(bad)), standing(good), told(good)) == (2, [], [])


async def test_salons_without_settings_or_out_of_work_are_left_alone(connection: Plain, look: Look) -> None:
    without, closed = a_salon(connection, timezone=None), salon(connection)
    for one in (without, closed):
        dialogs(one, done=1, dropped=49)
    connection.execute("update public.tenants_v2 set is_active = false where id = %s", (closed.id,))

    assert await look() == NOTHING


async def test_a_salon_without_a_bot_has_rows_only_until_it_has_one(connection: Plain, look: Look) -> None:
    one = salon(connection)
    [settings] = rows(connection, "select bot_id from dashboard.tenant_settings")
    one.settings(bot_id=None)
    dialogs(one, done=77, escalated=23)

    assert await look() == {**NOTHING, "raised": 1}
    one.settings(bot_id=settings["bot_id"])

    assert await look() == {**NOTHING, "sent": 1}


@pytest.mark.parametrize("timezone", ["Mars/Olympus", " ", "../etc/passwd", "Asia"])
async def test_an_unknown_zone_breaks_nobody(connection: Plain, look: Look, timezone: str) -> None:
    lost, other = salon(connection, timezone=timezone), salon(connection, "Ирис")
    for one in (lost, other):
        dialogs(one, done=77, escalated=23)

    assert await look() == {**NOTHING, "raised": 2, "sent": 2}


async def test_a_salon_that_cannot_be_settled_costs_its_neighbours_nothing(connection: Plain, look: Look) -> None:
    broken, other = salon(connection), salon(connection, "Ирис")
    connection.execute(
        f"alter table dashboard.alerts add constraint no_lotus check (tenant_id <> '{broken.id}')".encode()
    )
    for one in (broken, other):
        dialogs(one, done=77, escalated=23)

    assert await look() == {**NOTHING, "raised": 1, "sent": 1}
    assert (standing(broken), len(told(other))) == ([], 1)


async def test_without_time_nothing_is_settled_and_the_next_run_does_it(connection: Plain, database: Database) -> None:
    dialogs(salon(connection), done=77, escalated=23)

    assert await evaluate.evaluate(database, time.monotonic()) == NOTHING
    assert (await evaluate.evaluate(database, time.monotonic() + 20))["raised"] == 1


@pytest.mark.slow
async def test_a_thousand_salons_are_looked_at_well_within_a_second(connection: Plain, look: Look) -> None:
    fill = """
        with tenants as (
            insert into public.tenants_v2 (name) select 'Салон ' || n from generate_series(1, 1000) n returning id
        ), clients as (
            insert into public.clients_v2 (tenant_id) select id from tenants returning id, tenant_id
        ), settings as (
            insert into dashboard.tenant_settings (tenant_id, quiet_from, quiet_until) select id, 0, 0 from tenants
        )
        insert into public.conversation_sessions_v2 (session_id, tenant_id, user_id, channel, started_at, final_status,
                                                     booking_id)
        select gen_random_uuid(), tenant_id, id, 'telegram', now() - n * interval '4 hours', 'done', n
        from clients, generate_series(1, 100) n
    """
    connection.execute(fill)
    connection.execute("vacuum analyze public.conversation_sessions_v2, public.tenants_v2, dashboard.tenant_settings")
    started = time.monotonic()

    assert await look() == NOTHING

    assert time.monotonic() - started < 1
    facts = sql.load(evaluate.__file__)["facts"]
    [plan] = rows(connection, f"explain (format json) {facts}")
    assert "idx_sessions_started" in json.dumps(plan["QUERY PLAN"])
