"""Runs at once, and salons that have nothing to do with each other."""

import asyncio
import json
import time

import pytest

from functions.daily_metrics_digest.alerts import evaluate
from shared.database import sql
from shared.database.pool import Database
from tests.conftest import rows
from tests.functions.daily_metrics_digest.alerts.world import NOTHING, Evaluate, salon
from tests.helpers.waiting import shortest
from tests.helpers.worlds.salon import Plain
from tests.helpers.worlds.salon import salon as a_salon

RAISE = """
    insert into dashboard.alerts (tenant_id, kind, severity, triggered_at)
    values (%(tenant)s, 'error_spike', 'critical', now())
"""
TELL = """
    update dashboard.alerts set severity = 'critical', told_severity = 'critical', told_at = now(), actual = 80
    where tenant_id = %(tenant)s
"""


@pytest.fixture
def evaluate_now(database: Database) -> Evaluate:
    """A look with time enough."""
    return lambda: evaluate.evaluate(database, time.monotonic() + 20)


async def test_runs_at_once_raise_and_send_once(connection: Plain, evaluate_now: Evaluate) -> None:
    many = [salon(connection, f"Салон {n}") for n in range(20)]
    for tenant in many:
        tenant.dialogs(done=1, escalated=9)

    reports = await asyncio.gather(*(evaluate_now() for _ in range(3)))

    assert sum(report["raised"] for report in reports) == 40
    assert sum(report["sent"] for report in reports) == 40
    assert {len(tenant.alert_messages()) for tenant in many} == {2}
    connection.execute("update dashboard.alerts set resolved_at = now()")
    again = await asyncio.gather(*(evaluate_now() for _ in range(3)))
    assert sum(report["raised"] for report in again) == 40, "reopened once each"
    assert {len(tenant.alert_messages()) for tenant in many} == {2}


async def read(database: Database) -> evaluate.Salon:
    """The only salon, as a look reads it."""
    async with database.connection() as connection:
        return evaluate._salon(await sql.fetch_one(connection, sql.load(evaluate.__file__)["facts"]))


async def settle(database: Database, found: evaluate.Salon) -> dict[str, int]:
    """What a run does with a salon that it has read."""
    async with database.transaction() as connection:
        return await evaluate._settle(connection, [found])


async def test_what_an_overtaken_run_would_raise_is_raised_already(
    connection: Plain, database: Database, evaluate_now: Evaluate
) -> None:
    """Between its facts and its lock another run went by."""
    lotus = salon(connection)
    lotus.dialogs(done=20, escalated=10)
    found = await read(database)
    await evaluate_now()

    assert await settle(database, found) == {"escalated": 0, "sent": 0}
    assert len(lotus.alert_messages()) == 1


@pytest.mark.parametrize("meanwhile", [RAISE, TELL])
async def test_a_run_waits_for_another_that_is_about_to_commit(
    connection: Plain, database: Database, meanwhile: str
) -> None:
    """It raises it, or tells it for the second time, at this moment."""
    lotus = salon(connection)
    lotus.dialogs(done=20, escalated=80)
    found = await read(database)
    if meanwhile == TELL:
        connection.execute(
            "insert into dashboard.alerts (tenant_id, kind, severity, triggered_at, told_severity, told_at) "
            "values (%s, 'error_spike', 'info', now(), 'info', now())",
            (lotus.id,),
        )
    with connection.transaction():
        connection.execute(meanwhile.encode(), {"tenant": lotus.id})
        settling = asyncio.create_task(settle(database, found))
        await asyncio.sleep(0.5)
        assert not settling.done()

    assert await settling == {"escalated": 0, "sent": 0}
    assert lotus.alert_messages() == []


async def test_salons_are_judged_apart(connection: Plain, evaluate_now: Evaluate) -> None:
    bad, good = salon(connection, "Лотос"), salon(connection, "Ирис")
    bad.dialogs(done=1, dropped=49)
    good.dialogs(done=49, dropped=1)

    await evaluate_now()

    assert (len(bad.alerts()), good.alerts(), good.alert_messages()) == (2, [], [])


async def test_salons_without_settings_or_out_of_work_are_left_alone(connection: Plain, evaluate_now: Evaluate) -> None:
    without, closed = a_salon(connection, timezone=None), salon(connection)
    for tenant in (without, closed):
        tenant.dialogs(done=1, dropped=49)
    connection.execute("update public.tenants_v2 set is_active = false where id = %s", (closed.id,))

    assert await evaluate_now() == NOTHING


async def test_a_salon_without_a_bot_has_rows_only_until_it_has_one(connection: Plain, evaluate_now: Evaluate) -> None:
    lotus = salon(connection)
    [settings] = rows(connection, "select bot_id from dashboard.tenant_settings")
    lotus.settings(bot_id=None)
    lotus.dialogs(done=77, escalated=23)

    assert await evaluate_now() == {**NOTHING, "raised": 1}
    lotus.settings(bot_id=settings["bot_id"])

    assert await evaluate_now() == {**NOTHING, "sent": 1}


@pytest.mark.parametrize("timezone", ["Mars/Olympus", " ", "../etc/passwd", "Asia"])
async def test_an_unknown_zone_breaks_nobody(connection: Plain, evaluate_now: Evaluate, timezone: str) -> None:
    lost, other = salon(connection, timezone=timezone), salon(connection, "Ирис")
    for tenant in (lost, other):
        tenant.dialogs(done=77, escalated=23)

    assert await evaluate_now() == {**NOTHING, "raised": 2, "sent": 2}


async def test_a_salon_that_cannot_be_settled_costs_its_neighbours_nothing(
    connection: Plain, evaluate_now: Evaluate
) -> None:
    broken, other = salon(connection), salon(connection, "Ирис")
    connection.execute(
        f"alter table dashboard.alerts add constraint no_lotus check (tenant_id <> '{broken.id}')".encode()
    )
    for tenant in (broken, other):
        tenant.dialogs(done=77, escalated=23)

    assert await evaluate_now() == {**NOTHING, "raised": 1, "sent": 1}
    assert (broken.alerts(), len(other.alert_messages())) == ([], 1)


async def test_without_time_nothing_is_settled_and_the_next_run_does_it(connection: Plain, database: Database) -> None:
    salon(connection).dialogs(done=77, escalated=23)

    assert await evaluate.evaluate(database, time.monotonic()) == NOTHING
    assert (await evaluate.evaluate(database, time.monotonic() + 20))["raised"] == 1


@pytest.mark.slow
async def test_a_thousand_salons_are_looked_at_well_within_a_second(connection: Plain, evaluate_now: Evaluate) -> None:
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

    async def run() -> None:
        assert await evaluate_now() == NOTHING

    assert await shortest(run, 1, tries=20) < 1
    facts = sql.load(evaluate.__file__)["facts"]
    [plan] = rows(connection, f"explain (format json) {facts}")
    assert "idx_sessions_started" in json.dumps(plan["QUERY PLAN"])
