"""Two salons with a row of everything, and people who look at them."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import psycopg

Plain = psycopg.Connection[Any]
Claims = dict[str, Any] | str | None

AURORA, BREEZE = UUID("a0000000-0000-4000-8000-000000000001"), UUID("b0000000-0000-4000-8000-000000000002")
SUPER = {"app_metadata": {"app_role": "super_admin"}}
BOT_TABLES = (
    "tenants_v2",
    "clients_v2",
    "conversation_sessions_v2",
    "recent_history_v2",
    "active_sessions_v2",
    "wishlist_v2",
    "user_ltm_v2",
)
# Everything of ours and of the bot's that holds rows, and functions that answer rows without being asked for something.
RELATIONS = """
select format('%I.%I', n.nspname, c.relname) as name, c.relkind::text as kind,
       (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
          and has_column_privilege('authenticated', c.oid, a.attnum, 'select')) as columns
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'v', 'm', 'p', 'f')
  and (n.nspname = 'dashboard' or n.nspname = 'public' and c.relname ~ '_v2$')
  -- Who is signed in to the pages is of users, and no viewer is given a column of it.
  and (c.relname not in ('page_sessions', 'sign_in_links', 'sign_in_attempts')
       or has_any_column_privilege('authenticated', c.oid, 'select'))
union all
select format('%I.%I()', n.nspname, p.proname), 'f', array['*']
from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where n.nspname = 'dashboard' and p.proretset and p.pronargs = 0
order by 1
"""


def claims(role: str, tenant: object) -> dict[str, Any]:
    """What the server signs for somebody."""
    return {"app_metadata": {"app_role": role, "tenant_id": str(tenant)}}


@contextmanager
def viewer(connection: Plain, who: Claims) -> Iterator[None]:
    """A request of the dashboard: one transaction with its claims."""
    with connection.transaction():
        connection.execute("select set_config('role', 'authenticated', true)")
        if who is not None:
            text = who if isinstance(who, str) else json.dumps(who)
            connection.execute("select set_config('request.jwt.claims', %s, true)", (text,))
        yield


def seen(connection: Plain, who: Claims, name: str, columns: Iterable[str]) -> list[str]:
    """The rows of a relation that somebody sees, as texts."""
    with viewer(connection, who):
        found = connection.execute(f"select {', '.join(columns)} from {name}").fetchall()
    return sorted(repr(row) for row in found)


def insert(connection: Plain, table: str, **values: Any) -> Any:
    """One row; its id, where it has one."""
    names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
    row = connection.execute(
        f"insert into {table} as t ({names}) values ({marks}) returning to_jsonb(t) ->> 'id' as id",
        tuple(values.values()),
    ).fetchone()
    assert row
    return row["id"] if isinstance(row, dict) else row[0]


def seed_bot(connection: Plain, tenant: UUID, word: str) -> Any:
    """What the bot has of a salon; its archived session."""
    insert(connection, "public.tenants_v2", id=tenant, name=f"Салон {word}", slug=word,
           metadata=json.dumps({"telegram_bot_token": f"secret of {word}"}))  # fmt: skip
    client = insert(connection, "public.clients_v2", tenant_id=tenant, full_name=f"Гостья {word}", phone=word)
    session = insert(
        connection, "public.conversation_sessions_v2", session_id=tenant, tenant_id=tenant, user_id=client,
        channel="telegram", started_at=datetime(2026, 1, 1, 20, tzinfo=UTC), final_status="done", booking_id=word,
        booking_amount=1000 + len(word), meta=json.dumps({"services_mentioned": [word], "drop_off_stage": None}),
    )  # fmt: skip
    own = {"tenant_id": tenant, "user_id": client}
    insert(connection, "public.recent_history_v2", role="user", message=word, **own)
    insert(connection, "public.active_sessions_v2", session_id=tenant, **own)
    insert(connection, "public.wishlist_v2", item_type="slot", item_id=word, comment=word, **own)
    insert(connection, "public.user_ltm_v2", preferred_time=word, **own)
    return session


def seed_dashboard(connection: Plain, tenant: UUID, word: str, session: Any) -> None:
    """What the dashboard has of a salon."""
    user = insert(connection, "dashboard.users", email=f"{word}@example.com", encrypted_password="$argon2id$x",
                  reset_password_token=sha256(word.encode()).hexdigest(), role="admin", tenant_id=tenant)  # fmt: skip
    insert(connection, "dashboard.tenant_settings", tenant_id=tenant, timezone="Europe/Moscow")
    insert(connection, "dashboard.metrics_dailies", tenant_id=tenant, day="2026-01-01", bookings=len(word))
    insert(connection, "dashboard.alerts", tenant_id=tenant, kind="data_stale", description=word, triggered_at="now")
    insert(connection, "dashboard.audits", tenant_id=tenant, user_id=user, action="login", description=word)
    insert(connection, "dashboard.conversations", tenant_id=tenant, client_id=word, session=session)
    marks = "insert into dashboard.wishlist_marks (tenant_id, wishlist_id, done_by) values (%s, %s, %s)"
    connection.execute(marks, (tenant, len(word), user))
    insert(connection, "dashboard.bookings", tenant_id=tenant, client_id=word, external_id=word,
           verification_data=json.dumps({"cost": 1000}))  # fmt: skip


def seed(connection: Plain) -> None:
    """Both salons."""
    for tenant, word in ((AURORA, "aurora"), (BREEZE, "breeze-two")):
        seed_dashboard(connection, tenant, word, seed_bot(connection, tenant, word))
