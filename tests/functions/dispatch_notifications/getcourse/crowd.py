"""Answers by the thousand, and what a statement about them costs in buffers, which a busy machine leaves alone."""

from typing import Any

import psycopg
from psycopg.rows import DictRow

from functions.dispatch_notifications.getcourse import notify
from shared.database import sql

Plain = psycopg.Connection[DictRow]

STATEMENTS = sql.load(notify.__file__)
LIMITS = {"groups": notify.MAX_GROUPS, "most": notify.MAX_ANSWERS}

# One by one they would take minutes. Those with a reason have waited once, and are due again in an hour.
ANSWERS = """
    insert into getcourse.webhook_events (
        source_id, event_date, user_id, answer_id, answer_training_id, answer_lesson_id, answer_text, processed,
        error_message, attempts, next_attempt_at)
    select %(source)s, now(), 'crowd' || n %% %(students)s, %(name)s || n, '911000001', 'lesson' || n %% 50,
           'text ' || n, %(processed)s, %(reason)s::text, case when %(reason)s::text is null then 0 else 1 end,
           now() + case when %(reason)s::text is null then interval '0' else interval '1 hour' end
    from generate_series(1, %(many)s) n
"""


def add_answers(connection: Plain, many: int, name: str = "due", **columns: Any) -> None:
    """Answers that are due, of 200 students nobody knows; `processed`, or waiting with a `reason`, if told so."""
    usual = {"source": None, "students": 200, "processed": False, "reason": None}
    connection.execute(ANSWERS, {**usual, "many": many, "name": name, **columns})


def buffers(connection: Plain, statement: str, **values: Any) -> int:
    """How many pages a statement looks at, on its second run."""
    for _ in range(2):
        with connection.transaction(force_rollback=True):
            [found] = connection.execute(f"explain (analyze, buffers, format json) {statement}".encode(), values)
    plan = found["QUERY PLAN"][0]["Plan"]
    return int(plan["Shared Hit Blocks"]) + int(plan["Shared Read Blocks"])
