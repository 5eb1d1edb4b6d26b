"""Bytecode that does not ask for its source's date: a zip forgets it, and a Lambda keeps nothing that it compiles."""

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from infra.package.libraries import PackageError


def compile_all(folder: Path, modules: Iterable[Path], python: str, home: str) -> None:
    """Compile `modules` (relative to `folder`) for a Python ("3.13"); tracebacks will name them below `home`.

    Raises PackageError.
    """
    names = "\n".join(str(folder / module) for module in modules)
    command = [
        *_interpreter(python), "-m", "compileall", "-q", "-f", "--invalidation-mode", "unchecked-hash",
        "-s", str(folder), "-p", home, "-i", "-",
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONHASHSEED": "0"}  # sets among constants keep their order
    done = subprocess.run(command, input=names, text=True, env=environment, check=False)  # noqa: S603 - no words of others
    if done.returncode != 0:
        raise PackageError(f"nothing was compiled for Python {python}; install it, or run: uv python install {python}")


def path_of(module: Path, python: str) -> Path:
    """Where a module's bytecode lies."""
    return module.parent / "__pycache__" / f"{module.stem}.cpython-{python.replace('.', '')}.pyc"


def _interpreter(python: str) -> list[str]:
    """This one if it is of that version, else the one that uv finds or gets."""
    if python == f"{sys.version_info.major}.{sys.version_info.minor}":
        return [sys.executable]
    return [str(Path(sys.executable).with_name("uv")), "run", "--quiet", "--no-project", "--python", python, "python"]
