"""What make package-yandex makes runs where it is unpacked, called as Yandex's timers call."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra.package import aws
from infra.package.libraries import PackageError
from infra.yandex import deploy
from tests.helpers import canaries
from tests.helpers.serving import ROOT
from tests.infra.package.conftest import ARCHITECTURE, PYTHON
from tests.infra.yandex.test_triggers import triggered

# As the platform finds it: by the entry point that it was given.
CALL = """
import importlib, json, sys
module, _, name = sys.argv[1].rpartition(".")
answer = getattr(importlib.import_module(module), name)(json.loads(sys.stdin.read()), None)
print("ANSWER", json.dumps(answer))
"""


@pytest.mark.slow
def test_a_timer_runs_the_function_from_its_archive(tmp_path: Path, database_url: str) -> None:
    try:
        aws.build(ROOT, ["housekeeping"], ARCHITECTURE, PYTHON, tmp_path, aws.YANDEX)
    except PackageError as error:
        pytest.skip(f"nothing is packed: {error}")
    with zipfile.ZipFile(tmp_path / "housekeeping.zip") as archive:
        archive.extractall(tmp_path / "code")
    timer = triggered("serverless.triggers.TimerMessage", {"trigger_id": "t"})
    settings = {"FUNCTION_TARGET": "housekeeping", "DATABASE_URL": database_url, "CRON_SECRET": canaries.CRON_SECRET}

    done = subprocess.run(
        [sys.executable, "-S", "-s", "-c", CALL, deploy.ENTRY_POINT],
        input=json.dumps(timer), cwd=tmp_path / "code", env=settings,
        capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip

    [answer] = [line for line in done.stdout.splitlines() if line.startswith("ANSWER ")]
    assert json.loads(answer.removeprefix("ANSWER "))["statusCode"] == 200
