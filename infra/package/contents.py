"""What a function consists of: modules of ours, the files beside them, and the libraries that they import.

Imports are read, not run: also those that a function's body makes late. What names a module in a text nobody sees, so a
function's own folder goes whole.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from modulefinder import ModuleFinder
from pathlib import Path

HOUSES = ("functions", "infra", "shared")
DATA = (".css", ".html", ".json", ".sql", ".svg", ".ttf", ".txt")
# By Lambda's own Python, or by an extra.
PROVIDED = frozenset({"botocore", "opentelemetry", "sentry_sdk"})
# Extras of pyproject.toml, libraries that only a setting wants: asked for, they go with whoever has the module.
EXTRAS = {"archive": Path("shared/clients/s3.py"), "telemetry": Path("shared/telemetry/tracing.py")}


@dataclass(frozen=True)
class Contents:
    """Files of ours, relative to the checkout and sorted, and the top-level names that others' modules have."""

    files: tuple[Path, ...]
    imports: frozenset[str]

    def may_have(self, extra: str) -> bool:
        """Whether one of EXTRAS has something to do here."""
        return EXTRAS[extra] in self.files


def contents_of(root: Path, function: str, entry: Iterable[str] = ()) -> Contents:
    """What `function` needs, and the modules `entry` that a platform calls it through."""
    finder = ModuleFinder(path=[str(root)])
    for module in (*entry, *_modules(root, root / "functions" / function)):
        finder.import_hook(module)
    modules = [Path(file) for module in finder.modules.values() if (file := vars(module)["__file__"])]
    data = [path for module in modules if "infra" not in module.relative_to(root).parts for path in _beside(module)]
    files = {path.relative_to(root) for path in (*modules, *data)}
    foreign = {name.partition(".")[0] for name in finder.badmodules}
    return Contents(tuple(sorted(files)), frozenset(foreign - {*sys.stdlib_module_names, *HOUSES, *PROVIDED}))


def _modules(root: Path, folder: Path) -> list[str]:
    """The dotted names of all modules in a folder and below."""
    paths = [path.relative_to(root).with_suffix("") for path in sorted(folder.rglob("*.py"))]
    return [".".join(path.parts).removesuffix(".__init__") for path in paths]


def _beside(module: Path) -> Iterable[Path]:
    """What is no Python in a module's folder: statements, documents; templates and fonts in folders of their own."""
    folder = module.parent
    for place in (folder, *(path for path in folder.iterdir() if path.is_dir() and not _is_code(path))):
        yield from (path for path in place.iterdir() if path.suffix in DATA)


def _is_code(folder: Path) -> bool:
    return folder.name == "__pycache__" or (folder / "__init__.py").exists()
