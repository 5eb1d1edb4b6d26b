"""How the local programs begin and end."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any

import psycopg

from infra.cli.failure import Failure, explain
from infra.cli.output import complain
from infra.local import aurora, keys, lesson, postgres, salon, school, stack
from infra.local.keys import Keys
from shared.errors import ConfigError, DatabaseAway

INTERRUPTED = 130

Program = Callable[[str, Keys], Coroutine[Any, Any, int]]


def start(program: Program, database: str, *, anew: bool) -> int:
    """Run `program` on a database with the examples in it; the exit code."""
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))  # ends like Ctrl-C
    own_keys = keys.kept_in(postgres.HOME)
    try:
        with stack.database(database, own_keys, anew=anew) as url:
            school.open_school(own_keys)
            salon.open_salon(own_keys)
            aurora.open_aurora(own_keys)
            lesson.open_lesson(own_keys)
            return asyncio.run(program(url, own_keys))
    except KeyboardInterrupt:
        return INTERRUPTED
    except (Failure, ConfigError, DatabaseAway, postgres.TooOld, postgres.Busy, psycopg.Error) as error:
        complain(*explain(error))
        return 1


async def until_interrupted() -> None:
    """Wait for Ctrl-C; the caller goes on from here and cleans up."""
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        task = asyncio.current_task()
        assert task is not None
        task.uncancel()
