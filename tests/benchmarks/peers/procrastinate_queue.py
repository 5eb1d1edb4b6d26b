"""Procrastinate, sending."""

from collections.abc import Awaitable, Callable

from procrastinate import App, PsycopgConnector
from procrastinate.types import JSONDict

from tests.benchmarks.peers.posting import IN_FLIGHT, analyze, run


async def work(database_url: str, jobs: int, post: Callable[[int], Awaitable[None]]) -> None:
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
        await analyze(database_url)
        await app.run_worker_async(
            concurrency=IN_FLIGHT,
            wait=False,
            listen_notify=False,
            delete_jobs="successful",
            install_signal_handlers=False,
        )


if __name__ == "__main__":
    run(work)
