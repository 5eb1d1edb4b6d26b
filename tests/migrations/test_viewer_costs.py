"""Whoever looks at one salon reads that salon's rows, not everybody's: rows and buffers are counted, not time."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.migrations.tenant_isolation import Plain, claims, viewer

SALONS = 40
ROWS = 250  # of each salon in each table
MAX_BUFFERS = 450  # of one salon's rows; where functions read all salons' sessions, it is a thousand
FIRST = UUID("00000001-0000-4000-8000-000000000000")
FILL = f"""
    set session_replication_role = replica;
    create temp table s as select (lpad(to_hex(n), 8, '0') || '-0000-4000-8000-000000000000')::uuid as id
    from generate_series(1, {SALONS}) n;
    insert into public.tenants_v2 (id, name) select id, 'Салон' from s;
    insert into dashboard.tenant_settings (tenant_id) select id from s;
    create temp table r as
    select s.id as tenant_id, n, '2026-01-01 00:00Z'::timestamptz + n * interval '1 hour' as at, repeat('т', 80) as text
    from s, generate_series(1, {ROWS}) n order by s.id, n;
    insert into public.clients_v2 (id, tenant_id, full_name) select gen_random_uuid(), tenant_id, text from r;
    insert into public.conversation_sessions_v2 (session_id, tenant_id, user_id, channel, started_at, final_status,
                                                 booking_id, booking_amount, meta)
    select gen_random_uuid(), tenant_id, tenant_id, 'telegram', at, 'done', case when n % 2 = 0 then n::text end,
           case when n % 2 = 0 then 100 end, jsonb_build_object('services_mentioned', jsonb_build_array(text)) from r;
    insert into public.recent_history_v2 (tenant_id, user_id, role, message, created_at)
    select tenant_id, tenant_id, 'user', text, at from r;
    insert into public.wishlist_v2 (tenant_id, user_id, item_type, item_id, comment)
    select tenant_id, tenant_id, 'slot', n::text, text from r;
    insert into public.user_ltm_v2 (tenant_id, user_id, preferred_time)
    select tenant_id, gen_random_uuid(), text from r;
    insert into dashboard.metrics_dailies (tenant_id, day) select tenant_id, at::date + n from r;
    insert into dashboard.conversations (session, tenant_id, client_id, escalation_reason, last_message_at)
    select row_number() over (), tenant_id, 'c', text, at from r;
    insert into dashboard.bookings (tenant_id, external_id, client_id, service_code, start_at)
    select tenant_id, n::text, 'c', text, at from r;
    insert into dashboard.alerts (tenant_id, kind, description, triggered_at, resolved_at)
    select tenant_id, 'data_stale', text, at, at from r;
    insert into dashboard.audits (tenant_id, action, description, created_at) select tenant_id, 'x', text, at from r;
    reset session_replication_role;
    analyze;
"""
QUESTIONS = (
    "dashboard.conversations order by last_message_at desc limit 50",
    "dashboard.metrics_dailies where day > '2026-02-01'",
    "dashboard.audits order by created_at desc limit 50",
    "dashboard.alerts order by triggered_at desc limit 50",
    "dashboard.bookings where start_at > '2026-01-08'",
    "dashboard.v_clients limit 50",
    "dashboard.v_sessions order by started_at desc limit 50",
    "dashboard.v_history order by created_at desc limit 50",
    "dashboard.v_memories",
    "dashboard.v_wishlist_pending",
    "dashboard.v_conversion_funnel",
    "dashboard.v_conversion_funnel_corrected",
    "dashboard.v_top_services",
    "dashboard.v_top_services_corrected where day > '2026-01-08'",
)


@pytest.fixture(scope="module")
def filled(module_direct_url: str) -> Iterator[Plain]:
    with psycopg.connect(module_direct_url, autocommit=True) as connection:
        connection.execute(FILL.encode())
        yield connection


def readable(connection: Plain, relation: str) -> str:
    """The columns that viewers may read."""
    asked = """select string_agg(attname, ', ' order by attnum) from pg_attribute
               where attrelid = %s::regclass and attnum > 0
                 and has_column_privilege('authenticated', attrelid, attnum, 'select')"""
    [columns] = connection.execute(asked, (relation,)).fetchone() or [""]
    return str(columns)


def discarded(plan: dict[str, Any]) -> float:
    """How many rows were read for nothing."""
    own = float(plan.get("Rows Removed by Filter", 0) * plan["Actual Loops"])
    return own + sum(discarded(below) for below in plan.get("Plans", ()))


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_viewer_of_one_salon_reads_its_rows_alone(filled: Plain, question: str) -> None:
    columns = readable(filled, question.split(maxsplit=1)[0])
    with viewer(filled, claims("admin", FIRST)):
        [[[explained]]] = filled.execute(
            f"explain (analyze, buffers, format json) select {columns} from {question}".encode()
        ).fetchall()

    plan = explained["Plan"]
    assert plan["Actual Rows"] > 0
    assert discarded(plan) <= 2 * ROWS
    assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] <= MAX_BUFFERS
