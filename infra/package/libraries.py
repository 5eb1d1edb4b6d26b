"""Others' libraries for a platform, from the lock file with its hashes; and those of them that a function needs."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path

# What nobody's import names: libpq for psycopg, and the zones that it and others look for where the system has none.
BESIDE = {"psycopg": ("psycopg-binary", "tzdata")}
# What installers write for themselves, what only compilers read, commands, and all of AWS but S3.
LEFT_OUT = re.compile(
    r"\.dist-info/(RECORD|INSTALLER|REQUESTED|direct_url\.json)$|\.(pyi|pyx|pxd|c|h)$|/(tests?|__pycache__)/|^(\.\.|bin)/"
    r"|^botocore/data/(?!s3/)[^/]+/"
)

_NAME = re.compile(r"[A-Za-z0-9._-]+")


class PackageError(Exception):
    """No package was made; the text says why and what to do."""


def install(lock: Path, python: str, platform: str, target: Path) -> None:
    """Install what `lock` names for a Python ("3.13") and a platform of uv's into `target`. Raises PackageError."""
    command = [
        str(Path(sys.executable).with_name("uv")), "pip", "install", "--quiet", "--require-hashes", "--no-deps",
        "--only-binary", ":all:", "--python-version", python, "--python-platform", platform,
        "--target", str(target), "-r", str(lock),
    ]  # fmt: skip
    if subprocess.run(command, check=False).returncode != 0:  # noqa: S603 - no words of others
        raise PackageError(f"the libraries for {platform} could not be installed: uv says above why")


def distributions_in(target: Path) -> dict[str, Distribution]:
    """What is installed in `target`, by normalized name."""
    return {normalized(found.name): found for found in distributions(path=[str(target)])}


def of_extra(root: Path, extra: str) -> list[str]:
    """The names of the distributions that an extra of pyproject.toml asks for."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    requirements: list[str] = project["optional-dependencies"][extra]
    return [normalized(name[0]) for text in requirements if (name := _NAME.match(text))]


def needed(installed: Mapping[str, Distribution], imports: Iterable[str], beside: Iterable[str] = ()) -> list[str]:
    """The names of the distributions that have these top-level modules, and of those that they require, sorted.

    So are the distributions that are named `beside`. Raises PackageError for a module that none has.
    """
    owners = {module: name for name, found in installed.items() for module in _modules(found)}
    if missing := sorted(set(imports) - set(owners)):
        raise PackageError(
            f"imported, but not in the lock file: {', '.join(missing)}; add it to pyproject.toml, make lock"
        )
    waiting = [*(owners[module] for module in imports), *beside]
    chosen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in installed and name not in chosen:
            chosen.add(name)
            waiting += [*BESIDE.get(name, ()), *_required(installed[name])]
    return sorted(chosen)


def files_of(found: Distribution) -> list[Path]:
    """Its files that a function may want, relative to where it is installed, sorted."""
    return sorted(Path(str(path)) for path in found.files or () if not LEFT_OUT.search(str(path)))


def normalized(name: str) -> str:
    """As package indexes compare names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _modules(found: Distribution) -> Iterator[str]:
    """The top-level names that it installs."""
    for path in found.files or ():
        if len(path.parts) > 1 and not path.parts[0].endswith((".dist-info", ".libs")):
            yield path.parts[0]
        elif path.suffix == ".py":
            yield path.stem


def _required(found: Distribution) -> Iterator[str]:
    """What it requires without an extra. Markers of the platform were read when the lock file was installed."""
    for requirement in found.requires or ():
        name = _NAME.match(requirement)
        if name and "extra ==" not in requirement.partition(";")[2]:
            yield normalized(name[0])
