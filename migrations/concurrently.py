"""The part of a migration that runs outside of a transaction, before the rest, so that nobody who writes has to wait.

It stands in `<revision>.up.concurrently.sql` (or `.down.`): statements that end with a semicolon at the end of a line
and are one of three. `create index concurrently` and `drop index concurrently if exists` leave an invalid index behind
when they break off; `alter table … validate constraint` leaves nothing. So each can be repeated: a valid index stays,
an invalid one is dropped and made anew, and a migration that broke off goes on with the next `carillon db upgrade`.
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import psycopg

Report = Callable[[str, str], None]  # what is done, and how far it is
Connection = psycopg.Connection[Any]

# Nobody waits behind these locks but other migrations and vacuum; and each waits for all transactions of before.
SETTINGS = "set lock_timeout = '15min'; set statement_timeout = 0; set client_connection_check_interval = '5s'"
# What counts for everything else: a migration that cannot get its locks at once must not queue up in front of live
# traffic, and one that holds them must not go on for ever.
LIMITS = "set lock_timeout = '4s'; set statement_timeout = '15min'; reset client_connection_check_interval"
WATCH_SECONDS = 1.0

_CREATE = re.compile(r"create (unique )?index concurrently (?P<index>\w+) on (?P<schema>\w+)\.(?P<table>\w+)\b")
_DROP = re.compile(r"drop index concurrently if exists (?P<schema>\w+)\.(?P<index>\w+)$")
_VALIDATE = re.compile(r"alter table (?P<schema>\w+)\.(?P<table>\w+) validate constraint (?P<constraint>\w+)$")
_STATE = """
    select i.indisvalid as is_valid,
           exists (select from pg_stat_progress_create_index p where p.index_relid = i.indexrelid) as is_in_progress
    from pg_index i
    where i.indexrelid = to_regclass(%s)
"""
_PROGRESS = """
    select p.phase || coalesce(', ' || (100 * p.blocks_done / nullif(p.blocks_total, 0))::text || ' %%', '')
           || coalesce(' (pid ' || nullif(p.current_locker_pid, 0)::text || ')', '')
    from pg_stat_progress_create_index p
    where p.pid = %s
"""


def unwatched(_statement: str, _progress: str) -> None:
    """The report of whoever does not want to know."""


class Unrepeatable(ValueError):
    """A statement that may not stand outside of a transaction: after an interruption it could not be repeated."""


def statements(body: str) -> list[str]:
    """Those of a file, without comments and semicolons. Raises Unrepeatable."""
    code = re.sub(r"--[^\n]*", "", body)
    found = [" ".join(statement.split()) for statement in re.split(r";\s*\n", code + "\n") if statement.strip()]
    for statement in found:
        if not any(form.match(statement) for form in (_CREATE, _DROP, _VALIDATE)):
            raise Unrepeatable(f"neither an index made or dropped concurrently nor a constraint validated: {statement}")
    return found


def run(connection: Connection, body: str, url: str, report: Report) -> None:
    """Run the statements of `body` one by one on a connection in autocommit. Raises Unrepeatable, psycopg.Error."""
    connection.execute(SETTINGS)
    for statement in statements(body):
        if not (made := _CREATE.match(statement)) or _prepare(connection, f"{made['schema']}.{made['index']}"):
            with _watched(url, connection.info.backend_pid, statement, report):
                connection.execute(statement.encode())
    connection.execute(LIMITS)


def _prepare(connection: Connection, index: str) -> bool:
    """Whether `index` is still to be made. What a broken run left of it is dropped."""
    while True:
        state = connection.execute(_STATE, (index,)).fetchone()
        if state is None:
            return True
        is_valid, is_in_progress = state
        if is_in_progress:  # by a deploy that was killed: its backend works on until it notices
            time.sleep(WATCH_SECONDS)
        elif is_valid:
            return False
        else:
            connection.execute(f"drop index concurrently if exists {index}".encode())


@contextmanager
def _watched(url: str, pid: int, statement: str, report: Report) -> Iterator[None]:
    """Meanwhile `report` is told how far the statement of the backend `pid` is, once it takes long."""
    is_done = Event()
    watcher = Thread(target=_watch, args=(url, pid, statement, report, is_done), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        is_done.set()
        watcher.join()


def _watch(url: str, pid: int, statement: str, report: Report, is_done: Event) -> None:
    if is_done.wait(WATCH_SECONDS):
        return
    with psycopg.connect(url, autocommit=True) as connection:
        while not is_done.is_set():
            progress = connection.execute(_PROGRESS, (pid,)).fetchone()
            report(statement, progress[0] if progress else "")
            is_done.wait(WATCH_SECONDS)
