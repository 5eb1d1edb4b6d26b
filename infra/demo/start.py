"""How the local programs begin and end."""

import signal
from collections.abc import Callable, Coroutine
from typing import Any

import psycopg

from infra.admin.errors import AdminError, explain
from infra.cli.output import complain
from infra.demo import stack
from infra.demo.getcourse import example as getcourse_example
from infra.demo.learning import example as learning_example
from infra.demo.salon import example
from infra.demo.support import example as support_example
from infra.local import interrupts, keys, postgres
from infra.local.keys import Keys
from shared.errors import ConfigError, DatabaseUnavailable

Program = Callable[[str, Keys], Coroutine[Any, Any, int]]


def start(program: Program, database: str, *, anew: bool) -> int:
    """Run `program` on a database with the examples in it; the exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like Ctrl-C, also before the event loop runs
    own_keys = keys.load_or_create(postgres.HOME)
    try:
        with stack.database(database, own_keys, anew=anew) as url:
            getcourse_example.open_school(own_keys)
            support_example.open_desk(own_keys)
            example.open_salon(own_keys)
            learning_example.open_app(own_keys)
            return interrupts.run(program(url, own_keys))
    except KeyboardInterrupt:
        return interrupts.INTERRUPTED
    except (AdminError, ConfigError, DatabaseUnavailable, postgres.TooOld, postgres.Busy, psycopg.Error) as error:
        complain(*explain(error))
        return 1
