"""What became of digests and alerts, and how the metrics are found."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.daily_metrics_digest.digest import metrics
from shared import write_back
from shared.database import sql
from shared.database.pool import Database
from tests.conftest import rows
from tests.functions.daily_metrics_digest.conftest import Tick
from tests.helpers.worlds.salon import Plain, salon

MORNING = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
LATER = MORNING + timedelta(minutes=3)
FILL = """
    insert into public.conversation_sessions_v2 (session_id, tenant_id, user_id, channel, started_at, final_status)
    select gen_random_uuid(), t.id, c.id, 'telegram', %(until)s::timestamptz - n * interval '10 minutes', 'done'
    from public.tenants_v2 t join public.clients_v2 c on c.tenant_id = t.id, generate_series(1, 6 * 24 * 90) n
"""


def ended(message: dict[str, Any], state: str) -> dict[str, Any]:
    return {
        "id": message["id"], "kind": message["kind"], "state": state, "message_id": 7, "error_class": None,
        "finished_at": LATER,
    }  # fmt: skip


async def tell(database: Database, row: dict[str, Any]) -> None:
    async with database.transaction() as connection:
        await write_back.lock(connection, [row])
        await write_back.write_back(connection, [row])


async def test_a_digest_that_arrived_has_its_time(connection: Plain, database: Database, tick: Tick) -> None:
    tenant, other = salon(connection), salon(connection, "Ирис")
    await tick(MORNING)

    await tell(database, ended(tenant.digests()[0], "sent"))

    assert [day["digest_sent_at"] for day in tenant.metrics()] == [LATER] + [None] * 13
    assert {day["digest_sent_at"] for day in other.metrics()} == {None}


@pytest.mark.parametrize("state", ["dead", "unknown", "cancelled"])
async def test_a_digest_that_did_not_arrive_is_not_followed_by_another(
    connection: Plain, database: Database, tick: Tick, state: str
) -> None:
    lotus = salon(connection)
    await tick(MORNING)

    await tell(database, ended(lotus.digests()[0], state))

    assert (await tick(MORNING + timedelta(hours=1)))["done"] == 0
    assert lotus.metrics()[0]["digest_sent_at"] is None
    assert lotus.metrics()[0]["digest_outbox_id"] == lotus.digests()[0]["id"]


async def test_an_alert_that_arrived_has_its_time(connection: Plain, database: Database) -> None:
    lotus = salon(connection)
    connection.execute(
        "insert into dashboard.alerts (tenant_id, kind, triggered_at, outbox_id) values (%s, 'data_stale', now(), 41)",
        (lotus.id,),
    )

    await tell(database, ended({"id": 41, "kind": "salon/alert"}, "sent"))

    assert rows(connection, "select notification_sent_at from dashboard.alerts") == [{"notification_sent_at": LATER}]


def test_metrics_are_found_by_an_index_and_read_little_more_than_their_days(connection: Plain) -> None:
    salons = [salon(connection, f"№ {n}") for n in range(20)]
    connection.execute(FILL, {"until": MORNING})
    connection.execute("analyze public.conversation_sessions_v2")
    parameters = {
        "tenants": [tenant.id for tenant in salons], "timezones": ["Asia/Almaty"] * 20,
        "days": [MORNING.date() - timedelta(days=1)] * 20, "now": MORNING, "recompute_days": 3,
    }  # fmt: skip
    compute = sql.load(metrics.__file__)["compute"]
    connection.execute(compute.encode(), parameters)

    [row] = connection.execute(b"explain (analyze, format json) " + compute.encode(), parameters).fetchall()
    plan = row["QUERY PLAN"]
    nodes = list(flat((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]))
    found = [node for node in nodes if node.get("Relation Name") == "conversation_sessions_v2"]

    bot_tables = ("conversation_sessions_v2", "recent_history_v2")
    assert [n["Node Type"] for n in nodes if n["Node Type"] == "Seq Scan" and n["Relation Name"] in bot_tables] == []
    assert [node["Actual Rows"] for node in found] == [3 * 144 * 20]
    assert any("started_at" in node.get("Index Cond", "") for node in nodes)


def flat(node: dict[str, Any]) -> list[dict[str, Any]]:
    return [node, *(below for child in node.get("Plans", []) for below in flat(child))]
