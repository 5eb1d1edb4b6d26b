"""PgQueuer, sending. Without a cap on its tasks, which makes it wait for notifications: the connections limit it."""

from collections.abc import AsyncIterator

import asyncpg  # type: ignore[import-untyped]
from pgqueuer import QueueManager
from pgqueuer.db import AsyncpgPoolDriver
from pgqueuer.models import Job
from pgqueuer.queries import Queries
from pgqueuer.types import QueueExecutionMode

from tests.benchmarks.peers.posting import IN_FLIGHT, Post, run


async def work(database_url: str, jobs: int, post: Post) -> AsyncIterator[None]:
    """Hand over and work off."""
    async with asyncpg.create_pool(database_url, min_size=2, max_size=5) as pool:
        queries = Queries(AsyncpgPoolDriver(pool))
        manager = QueueManager(queries)

        @manager.entrypoint("send")
        async def send(job: Job) -> None:
            await post(int(job.payload or b"0"))

        if not await queries.schema_is_installed():
            await queries.install()
        await queries.enqueue(["send"] * jobs, [str(number).encode() for number in range(jobs)], [0] * jobs)
        yield
        await manager.run(batch_size=IN_FLIGHT, mode=QueueExecutionMode.drain)


if __name__ == "__main__":
    run(work)
