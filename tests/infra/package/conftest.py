"""The archives, made once for the machine and the Python at hand: Lambda's own may be missing here."""

import platform
import sys
import zipfile
from pathlib import Path

import pytest

from infra.package import aws
from infra.package.libraries import PackageError
from tests.helpers.serving import ROOT

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
ARCHITECTURE = {"x86_64": "x86_64", "aarch64": "arm64"}.get(platform.machine(), "x86_64")
# Those that the stories need; what the others import is looked at without packing it.
PLAYED = [
    "answer_conversations",
    "daily_metrics_digest",
    "dispatch_notifications",
    "ingest_webhook",
    "telegram_webhook",
]
PACKED = [*PLAYED, "housekeeping"]


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a zip for each of PACKED."""
    out = tmp_path_factory.mktemp("archives")
    try:
        aws.build(ROOT, PACKED, ARCHITECTURE, PYTHON, out)
    except PackageError as error:
        pytest.skip(f"nothing is packed: {error}")
    return out


@pytest.fixture(scope="module")
def unpacked(archives: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a folder for each function, as Lambda unpacks its zip."""
    folder = tmp_path_factory.mktemp("task")
    for name in PACKED:
        with zipfile.ZipFile(archives / f"{name}.zip") as archive:
            archive.extractall(folder / name)
    return folder
