"""How `make demo` and `make dev` begin and end."""

import signal
from collections.abc import Callable, Coroutine
from typing import Any

import psycopg

from infra.admin.database import connect
from infra.admin.errors import AdminError, explain
from infra.cli.output import complain
from infra.demo import stack
from infra.demo.examples import EXAMPLES
from infra.local import interrupts, keys, postgres
from infra.local.keys import Keys
from infra.sandbox.history import FolderError
from shared.errors import ConfigError, DatabaseUnavailable

Program = Callable[[str, Keys], Coroutine[Any, Any, int]]


def start(program: Program, default: str, typed: str, *, anew: bool) -> int:
    """Run `program` on the database `typed`, or else `default`, with the examples in it; the exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like Ctrl-C, also before the event loop runs
    own_keys = keys.load_or_create(postgres.HOME)
    try:
        with stack.database(typed or default, anew=anew, typed=bool(typed)) as url:
            with connect(url) as connection:
                for example in EXAMPLES:
                    example.seed(connection, own_keys)
            return interrupts.run(program(url, own_keys))
    except KeyboardInterrupt:
        return interrupts.INTERRUPTED
    except (AdminError, ConfigError, DatabaseUnavailable, postgres.TooOld, postgres.Busy, psycopg.Error) as error:
        complain(*explain(error))
        return 1
    except FolderError as error:
        complain(f"The chats cannot be kept in {postgres.HOME / 'chats'}: {error}.", "Make it writable, or delete it.")
        return 1
