"""Migrations and every statement on the oldest Postgres that Carillon runs on, as a server of its own for these tests.

`python -m tests.helpers.oldest_postgres [ARGS of pytest]`. PyPI has no such server, Debian and Ubuntu have:
apt install postgresql-15. Where its programs are missing, it says so and succeeds.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from infra.local.postgres import MIN_VERSION

MAJOR = MIN_VERSION // 10000
PROGRAMS = Path(f"/usr/lib/postgresql/{MAJOR}/bin")
TESTS = (
    "tests/conventions/test_statements.py",
    "tests/migrations/test_history.py::test_all_the_way_down_leaves_nothing_of_ours",
    "tests/migrations/test_viewer_costs.py",
)
# As the embedded server is set for tests (tests/conftest.py).
SETTINGS = (
    "fsync=off",
    "full_page_writes=off",
    "autovacuum=off",
    "jit=off",
    "listen_addresses=",
    "max_connections=100",
)


def main(arguments: Sequence[str]) -> int:
    """Run the tests; the exit code."""
    if not (PROGRAMS / "initdb").exists():
        sys.stdout.write(
            f"SKIPPED Postgres {MAJOR}: it is not installed. On Debian 12: apt install postgresql-{MAJOR}\n"
        )
        return 0
    with running() as url:
        command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", *(arguments or TESTS)]
        return subprocess.run(command, check=False, env={**os.environ, "DATABASE_URL": url}).returncode


@contextmanager
def running() -> Iterator[str]:
    """A new server in a folder of its own; its address. Postgres does not run as root: root gives it to `postgres`."""
    user = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix=f"postgres-{MAJOR}-") as folder:
        if user:
            shutil.chown(folder, user)
        data = f"{folder}/data"

        def call(program: str, *arguments: str) -> None:
            subprocess.run(
                [PROGRAMS / program, "-D", data, *arguments],
                check=True,
                user=user,
                cwd=folder,
                stdout=subprocess.DEVNULL,
            )

        call("initdb", "--no-sync", "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8")
        options = " ".join(f"-c {setting}" for setting in (*SETTINGS, f"unix_socket_directories={folder}"))
        call("pg_ctl", "-w", "-l", f"{folder}/log", "-o", options, "start")
        try:
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            call("pg_ctl", "-w", "-m", "immediate", "stop")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
