"""`carillon serve`: every function and the scheduler, in one process tree."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from dotenv import dotenv_values

from infra.admin.errors import AdminError
from infra.local.web_server import LOOPBACK
from shared import config

CONTROL = Path(".carillon/serve.sock")
EXAMPLES = "Examples: carillon serve, carillon serve --host 0.0.0.0 --port 8080 --workers 2"


def serve(
    host: Annotated[str, typer.Option(help="Where to listen: 127.0.0.1 behind a proxy, 0.0.0.0, or :: for both.")] = (
        LOOPBACK
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 8080,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes that answer; default: one per core.")] = None,
    memory: Annotated[int, typer.Option(min=64, help="Megabytes of one process; beyond, it is replaced.")] = 256,
    control: Annotated[Path, typer.Option(help="Where carillon deploy gives its orders.")] = CONTROL,
) -> None:
    """Serve every function below its name, and call those that have a schedule. Ends in good order on SIGTERM.

    Behind it Postgres is all that is needed. TLS is a proxy's work (docs/operations.md has one). Each function uses
    DATABASE_URL_<function>, if it is set (carillon db roles), and DATABASE_URL if not. Several servers beside each
    other on one database do no harm.
    """
    _check(host)
    arguments = {
        "--host": host, "--port": port, "--workers": workers or os.cpu_count() or 1, "--memory": memory * 2**20,
        "--control": control,
    }  # fmt: skip
    words = [str(word) for pair in arguments.items() for word in pair]
    command = [sys.executable, "-P", "-m", "infra.local.serve.keeper", *words]
    os.execve(sys.executable, command, _environment())  # noqa: S606 - the commands' modules would stay in memory for ever


def _check(host: str) -> None:
    """Raises ConfigError for what can be known now, AdminError where everybody could call what is scheduled."""
    secrets = config.load().cron_secrets
    if secrets == ():
        raise AdminError("CRON_SECRET is not set", "set it to a long random text: the scheduler proves itself with it")
    if secrets is None and host not in (LOOPBACK, "::1"):
        cause = f"CRON_SECRET_IS_PLATFORM=1 at {host}: anybody there could call what is scheduled"
        raise AdminError(cause, "set CRON_SECRET to a long random text, or listen at 127.0.0.1")


def _environment() -> dict[str, str]:
    """Without what .env says: each release reads it anew."""
    in_file = dotenv_values(Path(".env"), encoding="utf-8-sig")
    return {name: value for name, value in os.environ.items() if in_file.get(name) != value}
