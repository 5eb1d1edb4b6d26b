"""Procrastinate, sending."""

from collections.abc import AsyncIterator

from procrastinate import App, PsycopgConnector
from procrastinate.types import JSONDict

from tests.benchmarks.peers.posting import IN_FLIGHT, Post, run


async def work(database_url: str, jobs: int, post: Post) -> AsyncIterator[None]:
    """Hand over and work off."""
    app = App(connector=PsycopgConnector(conninfo=database_url))

    @app.task(name="send")
    async def send(number: int) -> None:
        await post(number)

    async with app.open_async():
        if not await app.check_connection_async():
            await app.schema_manager.apply_schema_async()
        numbers: list[JSONDict] = [{"number": number} for number in range(jobs)]
        await send.batch_defer_async(*numbers)
        yield
        await app.run_worker_async(
            concurrency=IN_FLIGHT,
            wait=False,
            listen_notify=False,
            delete_jobs="successful",
            install_signal_handlers=False,
        )


if __name__ == "__main__":
    run(work)
