"""The archives of `make package`: small, the same each time, of the right machine, and compiled for good."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra.local import keys
from infra.package import __main__ as command
from infra.package import aws
from infra.package.libraries import PackageError
from tests.helpers.serving import ROOT
from tests.infra.package import stories
from tests.infra.package.conftest import ARCHITECTURE, PACKED, PYTHON

AARCH64 = 0xB7
# Imports all of ours, and says which modules had no bytecode that counts.
IMPORTS = """
import importlib, json, os, sys
from importlib.machinery import SourceFileLoader
compiled = []
to_code = SourceFileLoader.source_to_code
SourceFileLoader.source_to_code = lambda self, data, path: (compiled.append(path), to_code(self, data, path))[1]
os.environ["FUNCTION_TARGET"] = sys.argv[1]
for module in json.load(sys.stdin):
    importlib.import_module(module)
print(json.dumps(compiled))
"""
NOBODY = {"DATABASE_URL": "postgresql://u@127.0.0.1:1/x", "CRON_SECRET_IS_PLATFORM": "1", "SERVER_ENV": "dev"}
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


def again(folder: Path, architecture: str) -> zipfile.ZipFile:
    """The archive of the smallest function, made alone."""
    aws.build(ROOT, ["housekeeping"], architecture, PYTHON, folder)
    return zipfile.ZipFile(folder / "housekeeping.zip")


def test_none_is_too_large_to_start_quickly(archives: Path) -> None:
    sizes = {name: (archives / f"{name}.zip").stat().st_size for name in PACKED}

    assert sizes["housekeeping"] < 12_000_000
    assert max(sizes.values()) < 30_000_000
    command.check(sizes, whole=True)
    with pytest.raises(PackageError, match=r"too large: housekeeping 30\.0 MB"):
        command.check({"housekeeping": 30_000_001}, whole=False)
    with pytest.raises(PackageError, match="too large"):
        command.check({"housekeeping": 12_000_001}, whole=True)


def test_it_is_the_same_to_the_byte_whatever_is_made_beside_it_and_wherever(archives: Path, tmp_path: Path) -> None:
    with again(tmp_path, ARCHITECTURE) as archive:
        assert archive.testzip() is None
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}

    assert (tmp_path / "housekeeping.zip").read_bytes() == (archives / "housekeeping.zip").read_bytes()


def test_another_architecture_gets_its_own_libraries(tmp_path: Path) -> None:
    with again(tmp_path, "arm64") as archive:
        libraries = [name for name in archive.namelist() if ".so" in Path(name).name]
        machines = {int.from_bytes(archive.read(name)[18:20], "little") for name in libraries}

    assert len(libraries) > 5
    assert machines == {AARCH64}


@pytest.mark.parametrize("function", ["housekeeping", "ingest_webhook", "dispatch_notifications"])
def test_all_of_it_is_imported_from_the_archive_alone_and_nothing_is_compiled(unpacked: Path, function: str) -> None:
    """Its files have the date that a zip gives them, not that of the sources: what asks for dates is compiled anew."""
    task = unpacked / function
    modules = [
        ".".join(path.relative_to(task).with_suffix("").parts).removesuffix(".__init__")
        for house in ("infra", "shared", "functions")
        for path in sorted((task / house).rglob("*.py"))
    ]
    before = sorted(task.rglob("*"))
    done = subprocess.run(
        [sys.executable, "-S", "-s", "-c", IMPORTS, function],
        input=json.dumps(modules), cwd=task, env=NOBODY, text=True, capture_output=True, check=False, timeout=120,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert f"functions.{function}.main" in modules
    assert json.loads(done.stdout.splitlines()[-1]) == []
    assert sorted(task.rglob("*")) == before


@pytest.mark.skipif(sys.platform != "linux", reason="AWS's runtime client is there for Linux only")
async def test_the_stories_arrive_from_the_zips(
    module_direct_url: str, unpacked: Path, printed: Path, tmp_path: Path
) -> None:
    """Answers of lessons, the desk and a digest: empty folders with a zip each, run by AWS's own runtime client."""
    arrived, table = await stories.play(module_direct_url, unpacked, printed, keys.load_or_create(tmp_path))

    assert arrived, table
