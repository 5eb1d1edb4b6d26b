"""The command line, run as a person runs it, on this test's database."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer.testing

from infra.cli.main import app
from tests.helpers import arrange, canaries

# Each call would make all commands anew, for 50 ms; they keep nothing of a call.
typer.testing._get_command = cache(typer.testing._get_command)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Ran:
    """What a command printed and answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The JSON on stdout."""
        return json.loads(self.out)


Carillon = Callable[..., Ran]


@pytest.fixture
def carillon(database_url: str, direct_url: str) -> Carillon:
    """Runs a command; its settings are environment variables. Nothing that it prints holds a canary."""
    return runner(database_url, direct_url)


def runner(database_url: str, direct_url: str) -> Carillon:
    """Runs commands on this database."""

    def run(*arguments: str, stdin: str | None = None, **settings: str) -> Ran:
        addresses = {"DATABASE_URL": database_url, "DATABASE_DIRECT_URL": direct_url}
        if "DATABASE_URL" in settings:
            addresses["DATABASE_DIRECT_URL"] = settings["DATABASE_URL"]
        environment = {**addresses, "SECRETS_KEY": arrange.SECRETS_KEY, **settings}
        result = typer.testing.CliRunner().invoke(app, list(arguments), input=stdin, env=environment)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert not [canary for canary in canaries.ALL if canary in result.output]
        return Ran(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[..., str]:
    """Writes a CSV file and answers its path."""

    def write(*lines: str, encoding: str = "utf-8") -> str:
        path = tmp_path / "sheet.csv"
        path.write_bytes("\r\n".join(lines).encode(encoding))
        return str(path)

    return write
