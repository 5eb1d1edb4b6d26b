"""What both queues do: the same POST, 100 in flight, with httpx as its documentation shows it or with our client.

`python -m tests.benchmarks.peers.<queue> DATABASE_URL MESSENGER_URL JOBS plain|aiohttp` ends when all is done. One call
hands over all jobs before the work begins, as ours are handed over, and the planner knows of them, as it does of ours.
"""

import sys
from collections.abc import Awaitable, Callable

import httpx
import psycopg
import uvloop
from httpx_aiohttp import HttpxAiohttpClient

IN_FLIGHT = 100

Work = Callable[[str, int, Callable[[int], Awaitable[None]]], Awaitable[None]]  # database, jobs, what to do with each


def run(work: Work) -> None:
    """The command line."""
    uvloop.run(_run(work, *sys.argv[1:]))


async def analyze(database_url: str) -> None:
    """What autovacuum does within a minute of a broadcast; ours gets it before each round, too."""
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        await connection.execute("vacuum analyze")


async def _run(work: Work, database_url: str, messenger_url: str, jobs: str, client: str) -> None:
    kind = HttpxAiohttpClient if client == "aiohttp" else httpx.AsyncClient
    async with kind(limits=httpx.Limits(max_connections=IN_FLIGHT), timeout=20, trust_env=False) as http:

        async def post(number: int) -> None:
            body = {"chat_id": 700_000_000 + number, "text": f"Message number {number}", "parse_mode": "HTML"}
            answer = await http.post(f"{messenger_url}/bot1:token/sendMessage", json=body)
            answer.raise_for_status()
            assert answer.json()["ok"]

        await work(database_url, int(jobs), post)
