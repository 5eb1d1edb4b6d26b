"""What is installed is locked: one version of everything, and the hashes of its files (make lock)."""

import re
import tomllib
from collections.abc import Iterator

import pytest
from packaging.requirements import Requirement

from tests.helpers.serving import ROOT

FOLDER = ROOT / "requirements"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = {
    "functions": ("aws", "archive", "telemetry"),
    "container": ("gcp", "archive", "telemetry"),
    "tools": ("tools",),
    "server": ("server",),
    "demo": ("demo",),
    "dev": ("dev",),
}
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def locked(name: str) -> dict[str, str]:
    """The version of each package in a file."""
    return {package: version for package, version, _ in _entries(name)}


def _entries(name: str) -> Iterator[tuple[str, str, list[str]]]:
    """Package, version and what else is said of each requirement of a file."""
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").replace(" \\\n", " ")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            first, *rest = line.split()
            package, _, version = first.partition("==")
            yield package, version, rest


def wanted(extra: str | None) -> Iterator[Requirement]:
    """What pyproject.toml asks for, with the extras that an extra names."""
    project = PROJECT["project"]
    for text in project["dependencies"] if extra is None else project["optional-dependencies"][extra]:
        requirement = Requirement(text)
        if requirement.name != project["name"]:
            yield requirement
        for other in requirement.extras if requirement.name == project["name"] else ():
            yield from wanted(other)


@pytest.mark.parametrize("name", [*EXTRAS, "installer"])
def test_every_package_has_one_version_and_the_hashes_of_its_files(name: str) -> None:
    for package, version, rest in _entries(name):
        hashes = [part for part in rest if part.startswith("--hash")]
        assert re.fullmatch(r"[\w.+!-]+", version), package
        assert hashes, package
        assert all(_HASH.fullmatch(found) for found in hashes), package


@pytest.mark.parametrize("name", EXTRAS)
def test_what_pyproject_asks_for_is_locked_in_a_version_that_it_takes(name: str) -> None:
    versions = locked(name)
    asked = [*wanted(None), *(requirement for extra in EXTRAS[name] for requirement in wanted(extra))]

    assert len(asked) > len(PROJECT["project"]["dependencies"])
    assert [str(item) for item in asked if not item.specifier.contains(versions.get(item.name.lower(), "0"))] == []


@pytest.mark.parametrize("name", EXTRAS)
def test_all_files_agree_and_no_place_to_download_from_is_written_into_one(name: str) -> None:
    assert locked(name).items() <= locked("dev").items()
    assert "://" not in (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def test_whoever_installs_asks_for_the_hashes() -> None:
    names = ("Makefile", "infra/package/libraries.py")
    makefile, package = ((ROOT / name).read_text(encoding="utf-8") for name in names)

    installing = [line for line in makefile.splitlines() if " install -q" in line and " -e ." not in line]
    assert len(installing) == 3  # what installs, what it installs, and pip in its place
    assert [line for line in installing if "--require-hashes --no-deps -r requirements/" not in line] == []
    assert '"--require-hashes", "--no-deps"' in package
    assert "hatchling" in locked("tools")  # what builds this project
