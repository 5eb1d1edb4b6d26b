"""What both queues do: the POST that we send, by our own HTTP client, 100 in flight.

`python -m tests.benchmarks.peers.<queue> DATABASE_URL MESSENGER_URL JOBS` ends when all is done, and prints the seconds
of CPU that the work took. All jobs are handed over before it begins, as ours are, and the planner knows of them, as it
does of ours.
"""

import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import psycopg
import uvloop

from shared.clients.http import HttpClient, HttpResponse

IN_FLIGHT = 100
DEADLINE_SECONDS = 20.0
HEADERS = {"Content-Type": "application/json"}

Post = Callable[[int], Awaitable[None]]
Work = Callable[
    [str, int, Post], AsyncIterator[None]
]  # of database, jobs and what to do with each: yields before it works


def run(work: Work) -> None:
    """The command line."""
    uvloop.run(_run(work, *sys.argv[1:]))


async def _run(work: Work, database_url: str, messenger_url: str, jobs: str) -> None:
    http = HttpClient(DEADLINE_SECONDS)

    async def post(number: int) -> None:
        body = {"chat_id": 700_000_000 + number, "text": f"Message number {number}", "parse_mode": "HTML"}
        url = f"{messenger_url}/bot1:token/sendMessage"
        response = await http.call("POST", url, content=json.dumps(body).encode(), headers=HEADERS)
        assert isinstance(response, HttpResponse)
        assert response.fields["ok"]

    steps = work(database_url, int(jobs), post)
    await anext(steps)
    await _analyze(database_url)
    http.open()
    before = time.process_time()
    await anext(steps, None)
    print(time.process_time() - before)
    await http.close()


async def _analyze(database_url: str) -> None:
    """What autovacuum does within a minute of a broadcast; ours gets it before each round, too."""
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        await connection.execute("vacuum analyze")
