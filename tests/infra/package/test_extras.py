"""An archive that is made with an extra has the libraries that the extra's settings want."""

import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from infra.package import aws, gcp, libraries
from infra.package.contents import EXTRAS, contents_of
from infra.package.libraries import PackageError
from tests.conventions.tree import FUNCTIONS
from tests.helpers.serving import ROOT
from tests.infra.package.conftest import ARCHITECTURE, PYTHON

# Nothing is sent: the settings name a port where nobody listens, and nothing has been recorded.
SETTINGS = {
    "DATABASE_URL": "postgresql://u@127.0.0.1:1/x", "CRON_SECRET_IS_PLATFORM": "1", "SERVER_ENV": "dev",
    "ARCHIVE_URL": "s3://bucket/x", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1",
    "SENTRY_DSN": "http://key@127.0.0.1:1/1",
}  # fmt: skip
START = """
import asyncio
from functions.housekeeping.main import housekeeping
from shared.clients.s3 import Bucket
assert "site-packages" not in Bucket.__module__ + str(__import__("botocore").__file__)
print("STARTED", sorted(name for name in ("opentelemetry.sdk", "sentry_sdk") if name in __import__("sys").modules))
"""


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_with_both_it_starts_with_an_archive_with_traces_and_with_reports(tmp_path: Path) -> None:
    place = replace(aws.LAMBDA, extras=tuple(EXTRAS))
    try:
        sizes = aws.build(ROOT, ["housekeeping"], ARCHITECTURE, PYTHON, tmp_path, place)
    except PackageError as error:
        pytest.skip(f"nothing is packed: {error}")
    with zipfile.ZipFile(tmp_path / "housekeeping.zip") as archive:
        archive.extractall(tmp_path / "task")

    done = subprocess.run(
        [sys.executable, "-S", "-s", "-c", START], cwd=tmp_path / "task", env={**SETTINGS, "PATH": os.environ["PATH"]},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "STARTED ['opentelemetry.sdk', 'sentry_sdk']"
    assert sizes["housekeeping"] < 20_000_000  # of AWS's services botocore describes S3 alone
    assert not (tmp_path / "task" / "botocore" / "data" / "ec2").exists()


def test_an_extra_goes_with_whoever_has_something_to_do_with_it() -> None:
    contents = {name: contents_of(ROOT, name, (aws.LAMBDA.entry,)) for name in ("housekeeping", "remind_deadlines")}

    assert {name: [extra for extra in EXTRAS if each.may_have(extra)] for name, each in contents.items()} == {
        "housekeeping": ["archive", "telemetry"],
        "remind_deadlines": ["telemetry"],
    }
    assert set(contents) <= set(FUNCTIONS)


def test_an_extra_names_what_pyproject_asks_for() -> None:
    assert libraries.of_extra(ROOT, "archive") == ["botocore"]
    assert "sentry-sdk" in libraries.of_extra(ROOT, "telemetry")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_google_is_told_to_install_them(tmp_path: Path) -> None:
    try:
        gcp.build(ROOT, ["housekeeping"], tmp_path, ["telemetry"])
    except PackageError as error:
        pytest.skip(f"nothing is packed: {error}")

    with zipfile.ZipFile(tmp_path / "housekeeping.zip") as archive:
        requirements = archive.read("requirements.txt").decode()
    assert "opentelemetry-sdk==" in requirements
    assert "protobuf==" in requirements  # what they require, too
    assert "botocore==" not in requirements
