"""Sources for Google Cloud Run functions: what a function imports, and the libraries that its buildpack installs.

The buildpack looks for main.py and requirements.txt; with hashes in it, pip takes nothing else.
"""

import re
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from infra.local.schedules import read_schedules
from infra.package import archive, libraries
from infra.package.contents import contents_of

LOCK = Path("requirements/container.txt")
PYTHON, PLATFORM = "3.13", "x86_64-manylinux_2_28"
CALLED, SCHEDULED = ("infra.gcp.handler", "on_google"), ("infra.gcp.scheduler", "on_schedule")
SERVER = {"functions_framework", "httptools", "uvloop"}  # what serves it; no module of ours imports that
MAIN = '''"""The entry point that the buildpack looks for."""

from functions.{function}.main import {function} as handler
from {module} import {entry}

{function} = {entry}(handler)
'''

_ENTRY = re.compile(r"^(\S+?)==.*(?:\n    --hash=\S+.*)+", re.MULTILINE)


def build(root: Path, functions: Sequence[str], out: Path, extras: Sequence[str] = ()) -> dict[str, int]:
    """Write `<function>.zip` for each of `functions` into `out`; their sizes in bytes. Raises PackageError."""
    beside = {extra: libraries.of_extra(root, extra) for extra in extras}
    shutil.rmtree(out / "stage", ignore_errors=True)
    installed = out / "stage" / "libraries"
    installed.mkdir(parents=True)
    libraries.install(root / LOCK, PYTHON, PLATFORM, installed)
    known = libraries.distributions_in(installed)
    lock = (root / LOCK).read_text(encoding="utf-8")
    scheduled = {schedule.function for schedule in read_schedules(root / "serverless.yml")}
    sizes = {}
    for function in functions:
        module, entry = SCHEDULED if function in scheduled else CALLED
        contents, folder = contents_of(root, function, (module,)), out / "stage" / function
        for path in contents.files:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / path, folder / path)
        (folder / "main.py").write_text(MAIN.format(function=function, module=module, entry=entry), encoding="utf-8")
        wanted = [name for extra, names in beside.items() if contents.may_have(extra) for name in names]
        needed = libraries.needed(known, contents.imports | SERVER, wanted)
        (folder / "requirements.txt").write_text(requirements(lock, needed), encoding="utf-8")
        names = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
        sizes[function] = archive.writer(folder)(out / f"{function}.zip", names)
    shutil.rmtree(out / "stage")
    return sizes


def requirements(lock: str, names: Iterable[str]) -> str:
    """The entries of a lock file for these packages, with their hashes."""
    wanted = set(names)
    return "\n".join(found[0] for found in _ENTRY.finditer(lock) if libraries.normalized(found[1]) in wanted) + "\n"
