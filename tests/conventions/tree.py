"""What the house is made of: functions, modules, and which SQL belongs to which function."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from shared.database import sql
from tests.helpers.serving import ROOT

HOUSES = ("functions", "shared", "migrations", "infra")
VIEWERS = "functions/salon_pages/reports/"  # statements below run as `authenticated`, not as their function's own role
_IMPORT = re.compile(r"^ *(?:from|import) ([\w.]+)(?: import (?:\(([^)]*)\)|(.*)))?", re.MULTILINE)
FUNCTIONS = sorted(path.parent.name for path in (ROOT / "functions").glob("*/main.py"))


@dataclass(frozen=True)
class Statement:
    """A named block of an .sql file."""

    path: str
    name: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.name}"


def files(folder: str, pattern: str) -> Iterator[Path]:
    """Our files under `folder`."""
    return (path for path in sorted((ROOT / folder).rglob(pattern)) if "node_modules" not in path.parts)


def relative(path: Path) -> str:
    """A path as people name it."""
    return path.relative_to(ROOT).as_posix()


@cache
def parse(path: Path) -> ast.Module:
    """A Python file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def nodes(path: Path) -> list[ast.AST]:
    """All nodes of that tree: to walk it costs as much as to parse it, and many rules look at each."""
    return list(ast.walk(parse(path)))


def statements(*folders: str) -> list[Statement]:
    """Every statement under `folders`."""
    return [statement for folder in folders for path in files(folder, "*.sql") for statement in _statements_of(path)]


def statements_of(function: str) -> list[Statement]:
    """Every statement that `function` runs as itself: its own, and those beside the shared modules that it imports.

    All of its modules count: the screens of a bot are found by name, and main.py imports none.
    """
    beside = {path.with_suffix(".sql") for path in _imported_by(files(f"functions/{function}", "*.py"))}
    own = set(files(f"functions/{function}", "*.sql"))
    paths = sorted(path for path in beside | own if path.exists() and not relative(path).startswith(VIEWERS))
    return [statement for path in paths for statement in _statements_of(path)]


def _statements_of(path: Path) -> list[Statement]:
    return [Statement(relative(path), name, text) for name, text in sql.load(str(path)).items()]


def _imported_by(starts: Iterable[Path]) -> set[Path]:
    """The files of functions/ and shared/ that `starts` import, directly or not, and themselves."""
    seen: set[Path] = set()
    waiting = [*starts]
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            waiting += [found for name in _imports(path) if (found := _file_of(name))]
    return seen


@cache  # read while tests are collected, and most modules of shared/ are imported by every function
def _imports(path: Path) -> list[str]:
    """What a file imports; the formatter writes each import in one of these ways."""
    found: list[str] = []
    for module, in_brackets, in_line in _IMPORT.findall(path.read_text(encoding="utf-8")):
        found += [module, *(f"{module}.{name}" for name in re.findall(r"\w+", in_brackets or in_line))]
    return found


def _file_of(module: str) -> Path | None:
    if module.split(".", maxsplit=1)[0] not in ("functions", "shared"):
        return None
    path = (ROOT / module.replace(".", "/")).with_suffix(".py")
    return path if path.exists() else None
