"""What a new function is made of: folder, roles, tests, a block in serverless.yml, alarms, a row in README.md."""

import re
from collections.abc import Iterator
from pathlib import Path
from string import Template

from infra.local.schedules import seconds_of

TEMPLATES = Path(__file__).parent / "templates"
NAME = re.compile(r"[a-z]+(_[a-z0-9]+)+")
MAX_NAME = 50  # with "carillon-<stage>-" before it, Lambda allows 64

_REVISION = re.compile(r'^revision = "(.+)"$', re.MULTILINE)
_AFTER_FUNCTIONS = "\nresources:\n"  # what follows the functions in serverless.yml
_AFTER_ROLES = "  SchedulerRole:\n"  # what follows them in infra/aws/roles.yml; the list of what it calls ends the file
_AFTER_ERRORS = "\n  # A schedule that does not call"  # what follows alarms for errors in infra/aws/alarms.yml
_AFTER_MISSED = "\nOutputs:\n"  # what follows those for schedules
_SCHEMA = re.compile(r'^SCHEMA = ".+"', re.MULTILINE)
_ROW = re.compile(r"^\| `\w+` \|.*\n", re.MULTILINE)


class ScaffoldError(Exception):
    """A function of this name cannot be laid out; the text says why."""


def lay_out(root: Path, name: str, trigger: str, every: str) -> list[Path]:
    """Write a function called `name` into the checkout at `root`; the files written or changed. Raises ScaffoldError.

    `trigger` is "schedule" (called `every` "15 minutes") or "http".
    """
    if not NAME.fullmatch(name) or len(name) > MAX_NAME:
        raise ScaffoldError(
            f"a function is called by a verb and a noun, like greet_newcomers, in at most {MAX_NAME} letters"
        )
    if (root / "functions" / name).exists():
        raise ScaffoldError(f"there is a function {name} already")
    newest = _newest_revision(root)
    revision = f"{int(newest[:4]) + 1:04}_{name}"
    seconds = seconds_of(name, f"rate({every})") if trigger == "schedule" else 0.0
    values = {
        "name": name, "every": every, "revision": revision, "down_revision": newest,
        "role": "".join(part.capitalize() for part in name.split("_")),
        "resource": name.capitalize().replace("_", "Underscore"),  # as osls calls what belongs to it
        "seconds": f"{seconds:_}", "period": str(int(seconds)),
    }  # fmt: skip
    written = [_write(root / path, template, values) for path, template in _files(name, revision, trigger)]
    return [
        *written,
        *_add_to_template(root, trigger, values),
        _add_row(root, trigger, values),
        _set_schema(root, revision),
    ]


def _files(name: str, revision: str, trigger: str) -> Iterator[tuple[str, str]]:
    """Each file's path and template."""
    yield f"functions/{name}/__init__.py", f"init.{trigger}"
    yield f"functions/{name}/main.py", f"main.{trigger}"
    yield f"tests/functions/{name}/test_{name}.py", f"test.{trigger}"
    yield f"tests/functions/{name}/__init__.py", "empty"
    yield f"migrations/versions/{revision}.py", "migration"
    yield f"migrations/versions/{revision}.up.sql", f"up.{trigger}"
    yield f"migrations/versions/{revision}.down.sql", "down"


def _newest_revision(root: Path) -> str:
    files = sorted((root / "migrations" / "versions").glob("[0-9]*.py"))
    found = _REVISION.search(files[-1].read_text(encoding="utf-8")) if files else None
    if found is None:
        raise ScaffoldError("migrations/versions has no migration to go on from")
    return found[1]


def _write(path: Path, template: str, values: dict[str, str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_filled(template, values), encoding="utf-8")
    return path


def _filled(template: str, values: dict[str, str]) -> str:
    """A template's text; `$$` in it is a dollar sign."""
    return Template((TEMPLATES / f"{template}.txt").read_text(encoding="utf-8")).substitute(values)


def _add_to_template(root: Path, trigger: str, values: dict[str, str]) -> list[Path]:
    """Its block, its role and its alarms; and where its schedule goes that does not reach it."""
    template, aws = root / "serverless.yml", root / "infra" / "aws"
    roles, deliveries, alarms = (aws / f"{name}.yml" for name in ("roles", "schedules", "alarms"))
    _insert(template, "\n" + _filled(f"serverless.{trigger}", values), _AFTER_FUNCTIONS)
    _insert(roles, _filled(f"role.{trigger}", values), _AFTER_ROLES)
    _insert(alarms, _filled(f"errors.{trigger}", values), _AFTER_ERRORS)
    if trigger == "http":
        return [template, roles, alarms]
    _insert(alarms, _filled("missed", values), _AFTER_MISSED)
    _insert(roles, _filled("called", values))
    _insert(deliveries, _filled("delivery", values))
    return [template, roles, alarms, deliveries]


def _insert(path: Path, new: str, after: str = "") -> None:
    """Put `new` before the text `after`, or at the end."""
    text = path.read_text(encoding="utf-8")
    if after and text.count(after) != 1:
        raise ScaffoldError(f"{path.name} does not have {after.strip()} once, before which a new function goes")
    path.write_text(text.replace(after, new + after) if after else text + new, encoding="utf-8")


def _add_row(root: Path, trigger: str, values: dict[str, str]) -> Path:
    path = root / "README.md"
    text = path.read_text(encoding="utf-8")
    rows = list(_ROW.finditer(text))
    if not rows:
        raise ScaffoldError("README.md has no table of functions")
    when = "HTTP `/`" if trigger == "http" else f"every {values['every']}"
    row = f"| `{values['name']}` | {when} | say here what it does |\n"
    path.write_text(text[: rows[-1].end()] + row + text[rows[-1].end() :], encoding="utf-8")
    return path


def _set_schema(root: Path, revision: str) -> Path:
    path = root / "shared" / "version.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(_SCHEMA.sub(f'SCHEMA = "{revision}"', text, count=1), encoding="utf-8")
    return path
