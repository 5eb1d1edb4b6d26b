"""A crm.db with a million rows is taken over, against COPY of the same rows into the same tables.

One row in fifty is dirty. The import runs in a process of its own, whose peak memory is a figure: `python -m
tests.benchmarks.import_crm URL FILE`. COPY gets what came of an import, as text, in the same order and one transaction.
"""

import json
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
from psycopg import sql as composing
from psycopg.rows import dict_row

from infra.admin.courses.crm.importing import import_file
from infra.admin.courses.crm.readers.tables import TABLES
from tests.benchmarks import servers
from tests.benchmarks.measuring import BenchmarkError, Plan, Result, median
from tests.helpers import crm
from tests.helpers.serving import ROOT

NAME = "import"
DEFAULT_SECONDS = 3.0  # of a plan: with fewer, there are fewer rows
ROWS = 1_000_000
SESSIONS = 400
CHUNK = 1 << 20
GOALS = {"copy": "<= 3", "memory_mb": "<= 200"}

# Shares of all rows; who attends which session follows from the number, so that no pair comes twice.
_USERS, _ATTENDANCE, _PAYMENTS, _HOMEWORK, _RECIPIENTS = 0.05, 0.45, 0.25, 0.1, 0.1
_FILL = (
    """
    insert into users (id, telegram_id, username, nickname, password, full_name, phone, email, cohort_id)
    select n, 100000000 + n, 'user' || n, 'nick' || n, iif(n % 50 = 0, '01011990', '{hash}'), 'Участник ' || n,
           iif(n % 50 = 1, '±7999', '+7999') || printf('%07d', n), 'user' || n || '@example.com', 1 + n % 2
    from numbers where n <= :users
    """,
    """
    insert into participants (id, user_id, cohort_id, stream_id, created_at)
    select n, n, 1 + n % 2, 1 + n % 2, '2025-08-24 10:11:12' from numbers where n <= :users
    """,
    """
    insert into sessions (id, start_date, title, stream_id)
    select n, date('2025-01-01', n || ' days'), 'Занятие ' || n, 1 + n % 2 from numbers where n <= {sessions}
    """,
    """
    insert into attendance (id, user_id, session_id, status, noted_at, noted_by)
    select n, iif(n % 50 = 2, 0, 1 + n / {sessions}), 1 + n % {sessions}, iif(n % 5, 'present', 'absent'),
           datetime('2025-09-01', n || ' seconds'), 100000001 from numbers where n <= :attendance
    """,
    """
    insert into payments (id, user_id, session_id, paid, noted_at, noted_by)
    select n, 1 + n / {sessions}, 1 + n % {sessions}, n % 2, datetime('2025-09-01', n || ' seconds'),
           iif(n % 50, 100000001, 5) from numbers where n <= :payments
    """,
    """
    insert into homework_delivery (id, session_id, user_id, link, sent_at, sent_by)
    select n, 1 + n % {sessions}, 1 + n / {sessions}, 'https://example.com/' || n, '2025-09-28 10:00:00', 100000001
    from numbers where n <= :homework
    """,
    """
    insert into broadcasts (id, title, audience, status) select n, 'Новости', 'all', 'done' from numbers where n <= 10
    """,
    """
    insert into broadcast_recipients (broadcast_id, user_id, status, sent_at)
    select 1 + n % 10, 1 + n / 10, 'sent', '2025-09-28 10:00:00' from numbers where n <= :recipients
    """,
)


def measure(plan: Plan) -> Result:
    """The import and COPY in turn, each into empty tables."""
    rows = round(ROWS * min(1.0, plan.seconds / DEFAULT_SECONDS))
    path, written = plan.printed / "crm.db", plan.printed / "copied"
    _make(path, rows)
    memory: list[float] = []
    with servers.database() as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("insert into courses.school (name) values ('Школа')")
        _import(url, connection, path)
        taken = _write_out(connection, written)
        took = plan.interleave(
            NAME,
            {
                "import": lambda: _import(url, connection, path, memory),
                "copy": lambda: _copy(connection, written, taken),
            },
        )
    figures: dict[str, float | str] = {
        "rows": rows,
        "taken": sum(taken.values()),
        "import_s": median(took["import"]),
        "copy_s": median(took["copy"]),
        "memory_mb": median([max(memory)]),
    }
    return Result(NAME, figures, {"copy": median([median(took["import"]) / median(took["copy"])])}, GOALS)


def _make(path: Path, rows: int) -> None:
    crm.make(path, rows=False)
    counts = {"users": _USERS, "attendance": _ATTENDANCE, "payments": _PAYMENTS, "homework": _HOMEWORK}
    numbers = {name: round(rows * share) for name, share in {**counts, "recipients": _RECIPIENTS}.items()}
    with closing(sqlite3.connect(path)) as database, database:
        for number in (1, 2):
            crm.insert(database, "cohorts", {"id": number, "name": f"Когорта {number}"})
            crm.insert(database, "streams", {"id": number, "title": f"Поток {number}"})
        database.execute("create temp table numbers (n integer primary key)")
        database.execute(
            "with recursive c (n) as (select 1 union all select n + 1 from c where n < ?)"
            " insert into numbers select n from c",
            [max(rows, SESSIONS)],
        )
        for statement in _FILL:
            database.execute(statement.format(sessions=SESSIONS, hash=crm.HASH), numbers)


def _import(url: str, connection: psycopg.Connection, path: Path, memory: list[float] | None = None) -> float:
    _empty(connection)
    ran = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.import_crm", url, str(path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if ran.returncode:
        raise BenchmarkError(f"the import failed: {ran.stderr[-500:]}")
    figures = json.loads(ran.stdout)
    if memory is not None:
        memory.append(figures["memory_mb"])
    return float(figures["seconds"])


def _empty(connection: psycopg.Connection) -> None:
    names = composing.SQL(", ").join(composing.Identifier("courses", table.name) for table in TABLES)
    others = composing.SQL("courses.imports, courses.import_rejections")
    connection.execute(composing.SQL("truncate {}, {} cascade").format(names, others))
    connection.execute("checkpoint")


def _write_out(connection: psycopg.Connection, folder: Path) -> dict[str, int]:
    """The rows of each table in a file, as COPY writes them; how many there are."""
    folder.mkdir()
    counts = {}
    for table in TABLES:
        with (folder / table.name).open("wb") as file, connection.cursor() as cursor:
            with cursor.copy(_statement(table.name, table.columns, "to stdout")) as copying:
                for block in copying:
                    file.write(block)
            counts[table.name] = cursor.rowcount
    return counts


def _copy(connection: psycopg.Connection, folder: Path, counts: dict[str, int]) -> float:
    _empty(connection)
    started = time.perf_counter()
    with connection.transaction(), connection.cursor() as cursor:
        for table in TABLES:
            with cursor.copy(_statement(table.name, table.columns, "from stdin")) as copying:
                for block in _blocks(folder / table.name):
                    copying.write(block)
            if cursor.rowcount != counts[table.name]:
                raise BenchmarkError(f"{cursor.rowcount} rows of {table.name} were copied, not {counts[table.name]}")
    return time.perf_counter() - started


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(CHUNK):
            yield block


def _statement(table: str, columns: tuple[str, ...], direction: str) -> composing.Composed:
    names = composing.SQL(", ").join(map(composing.Identifier, columns))
    return composing.SQL("copy {} ({}) {}").format(
        composing.Identifier("courses", table),
        names,
        composing.SQL(direction),
    )


def main() -> None:
    """Import once; print the seconds and the peak memory."""
    url, path = sys.argv[1:]
    with psycopg.connect(url, autocommit=True, prepare_threshold=None, row_factory=dict_row) as connection:
        started = time.perf_counter()
        import_file(connection, Path(path), write=True)
        seconds = time.perf_counter() - started
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "memory_mb": megabytes}))


if __name__ == "__main__":
    main()
