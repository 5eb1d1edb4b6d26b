"""Copies of conversations: what a session becomes, and that they stay in step with it."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.daily_metrics_digest import conversations
from shared.database.pool import Database
from tests.conftest import rows
from tests.helpers.worlds.salon import Plain, Salon
from tests.helpers.worlds.salon import salon as a_salon

START = datetime(2026, 3, 3, 7, tzinfo=UTC)
END = START + timedelta(minutes=9)
MANY = """
    insert into public.conversation_sessions_v2 (session_id, tenant_id, user_id, channel, started_at, final_status)
    select gen_random_uuid(), %s, %s, 'telegram', now() - n * interval '1 minute',
           (array['done', 'dropped', 'escalated'])[1 + n %% 3]
    from generate_series(1, %s) n
"""


@pytest.fixture
def salon(connection: Plain) -> Salon:
    return a_salon(connection)


async def copy(database: Database, seconds: float = 20) -> int:
    return await conversations.copy(database, time.monotonic() + seconds)


def copies(connection: Plain) -> list[dict[str, Any]]:
    return rows(connection, "select * from dashboard.conversations order by session")


def in_step(connection: Plain) -> bool:
    """Whether each session has its one copy, with the status that it should have."""
    odd = """
        select from public.conversation_sessions_v2 s
        full join dashboard.conversations c on c.session = s.id
        where c.id is null or s.id is null or (c.status = 'escalated') <> (s.final_status = 'escalated')
    """
    return rows(connection, odd) == []


@pytest.mark.parametrize(
    ("columns", "status", "reason", "closure", "last"),
    [
        ({"final_status": "done", "ended_at": END}, "resolved", None, "done", END),
        ({"final_status": "done"}, "resolved", None, "done", START),
        ({"final_status": "dropped", "ended_at": END}, "resolved", None, "dropped", END),
        ({"final_status": "abandoned"}, "resolved", None, "abandoned", START),
        ({"final_status": "auto_closed"}, "resolved", None, "auto_closed", START),
        ({"final_status": "lost_in_space"}, "resolved", None, "lost_in_space", START),
        ({"final_status": "escalated", "ended_at": END, "final_intent": "complaint"},
         "escalated", "complaint", None, END),
        ({"final_status": "escalated", "final_intent": "complaint", "meta": {"escalation_reason": "просит человека"}},
         "escalated", "просит человека", None, START),
        ({"final_status": "escalated", "final_intent": "complaint", "meta": {"escalation_reason": ""}},
         "escalated", "complaint", None, START),
        ({"final_status": "escalated"}, "escalated", None, None, START),
    ],
)  # fmt: skip
async def test_what_a_session_becomes(
    connection: Plain, database: Database, salon: Salon, columns: dict[str, Any], status: str, reason: str | None,
    closure: str | None, last: datetime,
) -> None:  # fmt: skip
    salon.session(START, **columns)

    assert await copy(database) == 1

    [copied] = copies(connection)
    assert (copied["tenant_id"], copied["client_id"]) == (salon.id, str(salon.client))
    assert (copied["status"], copied["escalated"], copied["last_message_at"]) == (status, status == "escalated", last)
    assert (copied["escalation_reason"], copied["closure_reason"]) == (reason, closure)
    assert (copied["escalated_at"], copied["closed_at"]) == ((last, None) if copied["escalated"] else (None, last))


async def test_a_run_over_what_is_there_writes_nothing(connection: Plain, database: Database, salon: Salon) -> None:
    connection.execute(MANY, (salon.id, salon.client, 2500))

    assert [await copy(database), await copy(database)] == [2500, 0]
    before = copies(connection)
    connection.execute(MANY, (salon.id, salon.client, 3))

    assert await copy(database) == 3
    assert copies(connection)[:2500] == before
    assert in_step(connection)


async def test_a_session_that_changes_changes_its_copy(connection: Plain, database: Database, salon: Salon) -> None:
    salon.session(START, final_status="escalated", final_intent="complaint")
    salon.session(START, final_status="dropped")
    await copy(database)
    connection.execute(
        "update public.conversation_sessions_v2 set final_status = 'done' where final_status = 'escalated'"
    )

    assert await copy(database) == 1

    copied, other = copies(connection)
    assert (copied["status"], copied["escalated"], copied["escalation_reason"]) == ("resolved", False, None)
    assert copied["updated_at"] > copied["created_at"]
    assert other["updated_at"] == other["created_at"]


async def test_open_sessions_are_the_bots_affair(connection: Plain, database: Database, salon: Salon) -> None:
    connection.execute(
        "insert into public.active_sessions_v2 (tenant_id, user_id) values (%s, %s)", (salon.id, salon.client)
    )

    assert await copy(database) == 0


async def test_an_id_that_is_committed_late_is_copied_all_the_same(
    connection: Plain, database: Database, salon: Salon
) -> None:
    [taken] = rows(connection, "select nextval('public.conversation_sessions_v2_id_seq') as id")
    salon.session(START)
    await copy(database)
    salon.session(START, id=taken["id"])

    assert await copy(database) == 1
    assert in_step(connection)


async def test_runs_that_overlap_copy_each_session_once(connection: Plain, database: Database, salon: Salon) -> None:
    connection.execute(MANY, (salon.id, salon.client, 3500))

    written = await asyncio.gather(*(copy(database) for _ in range(4)))

    assert sum(written) == 3500
    assert in_step(connection)


async def test_a_run_without_time_leaves_the_rest_to_the_next_and_new_ones_come_first(
    connection: Plain, database: Database, salon: Salon
) -> None:
    connection.execute(MANY, (salon.id, salon.client, 1500))
    assert await copy(database, seconds=0) == 0
    assert copies(connection) == []
    await copy(database)
    connection.execute("update public.conversation_sessions_v2 set final_status = 'abandoned' where id <= 10")
    connection.execute(MANY, (salon.id, salon.client, 5))

    assert await copy(database, seconds=1e-4) in (0, 5), "one batch at most: what is new"
    await copy(database)
    assert in_step(connection)


async def test_an_odd_meta_is_no_reason_to_stop(connection: Plain, database: Database, salon: Salon) -> None:
    for odd in ("[]", '"text"', "null", "7"):
        salon.session(START, final_status="escalated")
        connection.execute("update public.conversation_sessions_v2 set meta = %s where meta = '{}'", (odd,))

    assert await copy(database) == 4


@pytest.mark.slow
async def test_many_sessions_are_copied_in_runs_of_two_seconds(
    connection: Plain, database: Database, salon: Salon
) -> None:
    connection.execute(MANY, (salon.id, salon.client, 20_000))
    took: list[float] = []
    written: list[int] = []
    while not written or written[-1]:
        started = time.monotonic()
        written.append(await copy(database, seconds=2))
        took.append(time.monotonic() - started)

    a_batch = sum(took) * conversations.BATCH_ROWS / 20_000
    assert max(took) < 2 + max(1, 3 * a_batch), "a batch may be under way when the time is up, and no more"
    assert sum(written) == 20_000
    assert in_step(connection)


async def test_what_is_the_same_is_not_even_locked(connection: Plain, database: Database, salon: Salon) -> None:
    connection.execute(MANY, (salon.id, salon.client, 20))
    assert await copy(database) == 20
    versions = "select session, xmin::text, xmax::text from dashboard.conversations order by session"
    before = rows(connection, versions)

    assert await copy(database) == 0

    assert rows(connection, versions) == before
