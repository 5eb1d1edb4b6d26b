"""A broadcast to 100,000 people is planned: its recipients are frozen, and the first messages are in the outbox.

A figure of the benchmark `courses`. In a process of its own, whose peak memory is the other one:
`python -m tests.benchmarks.courses_planning URL`.
"""

import asyncio
import json
import resource
import subprocess
import sys
import time

import psycopg

from functions.dispatch_notifications.courses import broadcasts
from shared.courses import broadcast_message
from shared.database.pool import Database
from tests.benchmarks import servers
from tests.benchmarks.measuring import BenchmarkError
from tests.helpers import arrange
from tests.helpers.serving import ROOT

PEOPLE = 100_000

_FILL = """
insert into courses.consent_texts (purpose, version, text_ru, text_en) values ('mailings', 1, 'Да?', 'Yes?');
insert into courses.cohorts (id, name) values (1, 'К');
insert into courses.users (id, telegram_id, full_name, role, cohort_id)
select n, 730000000 + n, 'Участник ' || n, 'user', 1 from generate_series(1, {people}) n;
insert into courses.participants (user_id, cohort_id) select id, 1 from courses.users;
insert into courses.consents (telegram_id, purpose, version) select telegram_id, 'mailings', 1 from courses.users;
insert into courses.user_flags (user_id, notify_enabled) select id, id % 50 > 0 from courses.users where id % 10 = 0;
"""
_BROADCAST = """
insert into courses.broadcasts (title, body, audience, confirmed_at, is_open, message)
values ('Новости', 'Привет', 'all', now(), true, %s)
"""


def measure_planning(rounds: int, people: int = PEOPLE) -> tuple[list[float], float]:
    """Seconds of each round, and the highest peak memory in MB."""
    message = broadcast_message.compose("Привет", (), broadcast_message.Sender("Школа", "Анна", "ru"))
    took, memory = [], 0.0
    with servers.database() as url, psycopg.connect(url, autocommit=True) as connection:
        bot = arrange.bot(connection, "courses", telegram_id=7_000_000_009, system="courses")
        connection.execute("insert into courses.school (name, bot_id) values ('Школа', %s)", [bot])
        connection.execute(_FILL.format(people=people).encode())
        connection.execute("vacuum analyze")
        for _ in range(rounds):
            connection.execute("delete from courses.broadcasts")
            connection.execute(_BROADCAST, [json.dumps(message)])
            command = [sys.executable, "-m", "tests.benchmarks.courses_planning", url]
            answer = json.loads(
                subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout.splitlines()[-1]
            )
            took.append(answer["seconds"])
            memory = max(memory, answer["memory_mb"])
            [(status, stats)] = connection.execute("select status::text, stats_json from courses.broadcasts").fetchall()
            if status != "sending" or stats["queued"] + stats["skipped"] != people:
                raise BenchmarkError(f"the broadcast is {status}: {stats}")
    return took, memory


async def _plan(url: str) -> float:
    database = Database(url)
    started = time.perf_counter()
    await broadcasts.advance(database)
    took = time.perf_counter() - started
    await database.close()
    return took


if __name__ == "__main__":
    seconds = asyncio.run(_plan(sys.argv[1]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"seconds": seconds, "memory_mb": peak}) + "\n")
