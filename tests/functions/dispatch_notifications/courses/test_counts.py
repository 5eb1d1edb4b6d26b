"""Whatever becomes of recipients, one by one or many at once, stats_json is what a recount says."""

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.rows import DictRow, dict_row

from tests.conftest import rows

PEOPLE = 5
STATUSES = ("queued", "sent", "failed", "skipped")
STATUS = st.sampled_from(STATUSES)
USERS = st.lists(st.integers(1, PEOPLE), unique=True, min_size=1)
CHANGES = st.one_of(
    st.tuples(st.just("add"), USERS, STATUS), st.tuples(st.just("become"), USERS, STATUS),
    st.tuples(st.just("remove"), USERS, STATUS), st.tuples(st.just("cancel"), USERS, STATUS),
)  # fmt: skip
STATEMENTS = {
    "add": """insert into courses.broadcast_recipients (broadcast_id, user_id, status)
              select b, u, %(status)s::text::courses.recipient_status
              from unnest(%(broadcasts)s::bigint[]) b, unnest(%(users)s::bigint[]) u on conflict do nothing""",
    "become": """update courses.broadcast_recipients set status = %(status)s::text::courses.recipient_status
                 where broadcast_id = any(%(broadcasts)s) and user_id = any(%(users)s)""",
    "remove": """delete from courses.broadcast_recipients
                 where broadcast_id = any(%(broadcasts)s) and user_id = any(%(users)s)""",
    "cancel": """update courses.broadcasts set cancelled_at = now()
                 where id = any(%(broadcasts)s) and started_at is not null""",
}
RECOUNT = """
    select b.id, b.stats_json as stats, b.status::text as status, b.cancelled_at is not null as is_cancelled,
           b.started_at is not null as is_ours, b.sent_at is not null as is_over,
           (select jsonb_object_agg(s, (select count(*) from courses.broadcast_recipients r
                                        where r.broadcast_id = b.id and r.status = s))
            from unnest(enum_range(null::courses.recipient_status)) s) as recount
    from courses.broadcasts b where b.id = any(%s)
"""


@pytest.fixture(scope="module")
def connection(module_direct_url: str) -> Iterator[psycopg.Connection[DictRow]]:
    with psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection:
        connection.execute(
            "insert into courses.users (id, full_name) select n, 'x' from generate_series(1, %s) n", [PEOPLE]
        )
        yield connection


def broadcasts(connection: psycopg.Connection[DictRow]) -> list[int]:
    """One under way, and one that was taken over from a crm.db with counts of its own."""
    made = """
        insert into courses.broadcasts (title, audience, status, started_at, stats_json)
        values ('ours', 'all', 'sending', now(), %s), ('imported', 'all', 'done', null, %s) returning id
    """
    none = json.dumps(dict.fromkeys(STATUSES, 0))
    return [row["id"] for row in rows(connection, made, none, json.dumps({"total": 3, "sent": 3}))]


@settings(max_examples=25)
@given(st.lists(CHANGES, max_size=8))
def test_counts_are_a_recount_after_every_change(
    connection: psycopg.Connection[DictRow], changes: list[tuple[str, list[int], str]]
) -> None:
    both = broadcasts(connection)

    for change, users, status in changes:
        parameters: dict[str, Any] = {"broadcasts": both, "users": users, "status": status}
        changed = connection.execute(STATEMENTS[change].encode(), parameters).rowcount
        ours, imported = rows(connection, RECOUNT + "order by b.id", both)

        assert ours["stats"] == ours["recount"]
        if changed and change != "cancel":
            assert {name: imported["stats"][name] for name in STATUSES} == imported["recount"]
            assert (imported["stats"]["total"], imported["status"]) == (3, "done")
            assert (ours["status"] == "sending") == (ours["recount"]["queued"] > 0) == (not ours["is_over"])
            is_error = ours["is_cancelled"] or (ours["recount"]["failed"] > 0 and ours["recount"]["sent"] == 0)
            assert ours["status"] in ("sending", "error" if is_error else "done")


def test_a_status_that_stays_changes_no_broadcast(connection: psycopg.Connection[DictRow]) -> None:
    """Handing over hundreds must not make versions of the one row that all of them share."""
    ours, _ = broadcasts(connection)
    connection.execute(STATEMENTS["add"].encode(), {"broadcasts": [ours], "users": [1, 2], "status": "queued"})
    before = rows(connection, "select xmin::text from courses.broadcasts where id = %s", ours)

    connection.execute("update courses.broadcast_recipients set outbox_id = 1 where broadcast_id = %s", [ours])

    assert rows(connection, "select xmin::text from courses.broadcasts where id = %s", ours) == before
