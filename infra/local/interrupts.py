"""How a program that stays up ends: SIGINT (Ctrl-C) and SIGTERM, alike and with its clean-up."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any

INTERRUPTED = 130


def run(program: Coroutine[Any, Any, int]) -> int:
    """Run `program` in a new event loop; its exit code, or INTERRUPTED when one of the two signals cancelled it.

    Where SIGINT was ignored when the process started (nohup, a script's background job), it stays ignored.
    """
    try:
        return asyncio.run(_ended_by_sigterm(program))
    except (KeyboardInterrupt, asyncio.CancelledError):
        return INTERRUPTED


async def until_interrupted() -> None:
    """Wait for SIGINT or SIGTERM; the caller goes on from here and cleans up. Within `run`."""
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        _this_task().uncancel()


async def _ended_by_sigterm(program: Coroutine[Any, Any, int]) -> int:
    # asyncio.run does the same for SIGINT, unless it is ignored.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, _this_task().cancel)
    return await program


def _this_task() -> "asyncio.Task[Any]":
    task = asyncio.current_task()
    assert task is not None
    return task
