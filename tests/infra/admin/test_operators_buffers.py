"""Operators' questions read what they answer, however much history there is: counted in pages, not in seconds."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow, dict_row

from infra.admin import bots, schema, sources
from infra.admin.database import Connection
from infra.admin.doctor import bots as doctor_bots
from infra.admin.doctor import delivery
from infra.admin.outbox import messages
from infra.admin.outbox.selection import Selection
from infra.admin.people import starts
from infra.admin.salon import tenants
from infra.admin.support import desks, handovers
from infra.admin.trace.target import parse_target
from infra.admin.trace.trace import trace
from tests.helpers import arrange
from tests.helpers.worlds import support

Question = Callable[[Connection], object]

ROWS, TIMES = 2_000, 6
MOMENT = """
create function pg_temp.moment(i bigint) returns timestamptz language sql stable as
$$ select now() - interval '2 days' + i * interval '1 second' $$
"""
FILL = """
insert into getcourse.webhook_events (source_id, event_date, user_id, answer_id, correlation_id, processed, created_at)
select %(school)s, now(), 'u', 'a' || i, 'event-' || i, true, pg_temp.moment(i)
from generate_series(%(first)s, %(last)s) i;
insert into getcourse.notifications (mentor_id, type, message, status, message_hash, created_at, sent_at)
select %(mentor)s, 'answerToLesson', '', 'sent', encode(sha256(('told' || i)::bytea), 'hex'), now(), now()
from generate_series(%(first)s, %(last)s) i;
insert into platform.outbox (id, bot_id, chat_id, lane, kind, method, payload, dedup_key, correlation_id, policy, state,
                             finished_at, error_class, created_at)
overriding system value
select i, %(bot)s, i, i::text, 'getcourse/answer', 'sendMessage', '{}', 'key-' || i, 'event-' || i, 'at_least_once',
       case when i %% 100 = 0 then 'dead' else 'sent' end, pg_temp.moment(i), case when i %% 100 = 0 then 'blocked' end,
       pg_temp.moment(i)
from generate_series(%(first)s, %(last)s) i;
insert into platform.lanes (bot_id, lane, blocked_at, blocked_class, paused_until)
select %(bot)s, i::text, case when i %% 100 = 0 then now() end, case when i %% 100 = 0 then 'blocked' end,
       case when i %% 100 = 0 then now() - interval '1 hour' else '-infinity' end
from generate_series(%(first)s, %(last)s) i;
insert into platform.updates (bot_id, update_id) select %(bot)s, i from generate_series(%(first)s, %(last)s) i;
insert into platform.inbox (source_id, reason, body, correlation_id, delivery_hash)
select %(school)s, 'no_fields', '', 'inbox-' || i, sha256(('inbox' || i)::bytea)
from generate_series(%(first)s, %(last)s, 10) i;
insert into support.messages (conversation_id, client_id, role, content, correlation_id)
select %(conversation)s, %(desk)s, 'user', '', 'event-' || i from generate_series(%(first)s, %(last)s) i;
insert into support.handovers (conversation_id, client_id, status, trigger_type, resolved_at, created_at)
select %(conversation)s, %(desk)s, 'resolved', 'manual', now(), pg_temp.moment(i)
from generate_series(%(first)s, %(last)s) i;
"""

QUESTIONS: dict[str, Question] = {
    "sources list": sources.list_all,
    "bots list": bots.list_all,
    "trace an event": lambda connection: trace(connection, parse_target("event:70")),
    "trace a message": lambda connection: trace(connection, parse_target("outbox:70")),
    "trace a correlation": lambda connection: trace(connection, parse_target("event-70")),
    "trace what is nobody's": lambda connection: trace(connection, parse_target("nobody-knows")),
    "outbox list": lambda connection: messages.list_selected(connection, Selection(), 20),
    "outbox list --state dead of a rare kind": lambda connection: messages.list_selected(
        connection, Selection(states=["dead"], kind="salon/digest"), 20
    ),
    "support handovers": lambda connection: handovers.list_newest(connection, limit=20),
    "support handovers --open": lambda connection: handovers.list_newest(connection, only_open=True, limit=20),
    "support clients": desks.list_all,
    "salon tenants": tenants.list_all,
    "people list": lambda connection: starts.people(connection, without_start=False),
    "doctor: dead letters": delivery.dead_letters,
    "doctor: pauses": delivery.pauses,
    "doctor: what waits": delivery.overdue,
    "doctor: blocked chats": delivery.blocked_chats,
    "doctor: alerts": doctor_bots.alerts,
}


class ExplainingCursor(psycopg.Cursor[Any]):
    """Adds up the pages of all queries."""

    pages = 0

    def execute(self, query: Any, params: Any = None, **options: Any) -> "ExplainingCursor":
        """Run the query, explained first if it is one."""
        if isinstance(query, str) and not query.startswith(("select set_config", "select from")):
            super().execute(f"explain (analyze, buffers, format json) {query}".encode(), params, **options)
            plan = next(iter(self.fetchall()[0].values()))[0]["Plan"]
            ExplainingCursor.pages += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
        return super().execute(query, params, **options)


def pages(url: str, question: Question) -> int:
    """How many pages the server looks at."""
    ExplainingCursor.pages = 0
    connection: psycopg.Connection[DictRow]
    with psycopg.connect(
        url, autocommit=True, prepare_threshold=None, row_factory=dict_row, cursor_factory=ExplainingCursor
    ) as connection:
        question(connection)
    return ExplainingCursor.pages


@pytest.fixture(scope="module")
def looked_at(module_direct_url: str) -> dict[str, tuple[int, int]]:
    """The pages of each question with a short history, and with one that is six times as long."""
    url = module_direct_url
    with psycopg.connect(url, autocommit=True, row_factory=dict_row) as connection:
        of = support.desk(connection)
        people = {
            "school": arrange.source(connection),
            "bot": arrange.bot(connection, token="7000000009:canary-another-token-aaaaaaaaaaaaaaa"),
            "mentor": arrange.mentor(connection, telegram_id=900, getcourse_id="m"),
            "desk": of.id,
            "conversation": support.conversation(connection, of),
        }
        connection.execute(MOMENT)
        counted = []
        for first, last in ((1, ROWS), (ROWS + 1, ROWS * TIMES)):
            connection.execute("set session_replication_role = replica")
            psycopg.ClientCursor(connection).execute(FILL, {**people, "first": first, "last": last})
            connection.execute("reset session_replication_role")
            connection.execute("vacuum (analyze)")
            counted.append({name: pages(url, question) for name, question in QUESTIONS.items()})
    before, after = counted
    return {name: (before[name], after[name]) for name in QUESTIONS}


def test_six_times_the_history_is_no_more_pages(looked_at: dict[str, tuple[int, int]]) -> None:
    grown = {name: counted for name, counted in looked_at.items() if counted[1] > 2 * counted[0] + 20}

    assert grown == {}


@pytest.mark.usefixtures("looked_at")
def test_big_tables_are_estimated(module_direct_url: str) -> None:
    connection: psycopg.Connection[DictRow]
    with psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection:
        status = schema.status(connection)

    assert status.counts["events"] == pytest.approx(ROWS * TIMES, rel=0.1)
    assert {"events", "messages_sent"} <= set(status.estimated)
    assert status.counts["messages_failed"] == ROWS * TIMES // 100
    assert "messages_failed" not in status.estimated
