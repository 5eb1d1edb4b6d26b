"""Deploying a release onto a server where `carillon serve` runs: migrate, start beside, ask, switch.

Whatever goes wrong before the switch, the release that serves goes on serving: migrations work while older code runs.
"""

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from infra.admin.errors import AdminError

HEALTHY_SECONDS = 20.0  # in which every function of a new release has to answer
END_SECONDS = 60.0  # in which the keeper has decided, and the old release has finished what it had begun

_RELEASE = "from shared.version import SCHEMA, VERSION; print(VERSION, SCHEMA)"
_CARILLON = "from infra.cli.main import main; main()"


@dataclass(frozen=True)
class Release:
    """An installed release: its Python, and what it is."""

    python: str
    version: str
    schema: str


def inspect(folder: Path) -> Release:
    """The release in `folder`, a checkout with its environment or an environment. Raises AdminError."""
    python = next((path for path in (folder / ".venv/bin/python", folder / "bin/python") if path.exists()), None)
    if python is None:
        step = "install the release there first: make -C FOLDER venv"
        raise AdminError(f"{folder} has neither .venv/bin/python nor bin/python", step)
    done = _run(os.fspath(python.absolute()), _RELEASE)
    if done.returncode != 0 or len(words := done.stdout.split()) != 2:
        raise AdminError(f"{folder} holds no release of Carillon that can say its version", "install it there anew")
    return Release(os.fspath(python.absolute()), *words)


def migrate(release: Release) -> None:
    """Bring the schema up to the release, by its own migrations. Raises AdminError."""
    done = _run(release.python, _CARILLON, "db", "upgrade")
    if done.returncode != 0:
        cause = done.stderr.strip().splitlines() or ["it says no more"]
        raise AdminError(f"the migrations of {release.version} failed: {cause[0].removeprefix('✗ ')}",
                         "the old release serves on; mend that, then deploy again")  # fmt: skip


def switch(release: Release, control: Path, healthy_seconds: float = HEALTHY_SECONDS) -> Iterator[str]:
    """Let the keeper at `control` put the release in place of the one that serves; yields its steps.

    Raises AdminError when the release is rejected, or no keeper answers.
    """
    order = {
        "python": release.python, "version": release.version, "schema": release.schema, "seconds": healthy_seconds,
    }  # fmt: skip
    try:
        with socket.socket(socket.AF_UNIX) as keeper:
            keeper.settimeout(healthy_seconds + END_SECONDS)
            keeper.connect(os.fspath(control))
            keeper.sendall(json.dumps(order).encode() + b"\n")
            with keeper.makefile(encoding="utf-8") as lines:
                yield from _steps(json.loads(line) for line in lines)
    except OSError as error:
        cause = f"nobody takes orders at {control} ({error.strerror or 'no answer'})"
        raise AdminError(cause, "see that carillon serve runs here, with the same --control") from None


def _steps(lines: Iterator[dict[str, str]]) -> Iterator[str]:
    for line in lines:
        if "rejected" in line:
            raise AdminError(f"the release was rejected: {line['rejected']}", "the old release serves on")
        if "done" in line:
            return
        yield line["step"]
    raise AdminError("the keeper ended before it had decided", "see the log of carillon serve")


def point(link: Path, folder: Path) -> None:
    """Let `link` lead to the release in `folder`, so that the next start of the server takes it. Raises AdminError."""
    new = link.with_name(f"{link.name}.new")
    try:
        new.unlink(missing_ok=True)
        new.symlink_to(folder.absolute())
        new.replace(link)
    except OSError as error:
        cause = f"{link} could not be made to lead to {folder}: {error.strerror}"
        raise AdminError(cause, f"the new release serves; for its next start: ln -sfn {folder} {link}") from None


def _run(python: str, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [python, "-P", "-c", program, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - the operator names it
