"""What make package-gcp makes is what Google's buildpack looks for: it installs, and then runs functions-framework."""

import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow

from infra.local import server
from infra.package import __main__ as command
from infra.package import gcp
from infra.package.libraries import PackageError
from tests.helpers import arrange, canaries
from tests.helpers.serving import ROOT, free_port, wait_for_port

FUNCTION = "ingest_webhook"
_ENTRY = re.compile(r"(?m)^\S+==\S+")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source of a function, as the buildpack unpacks it."""
    out = tmp_path_factory.mktemp("gcp")
    try:
        gcp.build(ROOT, [FUNCTION], out)
    except PackageError as error:
        pytest.skip(f"nothing is packed: {error}")
    with zipfile.ZipFile(out / f"{FUNCTION}.zip") as archive:
        archive.extractall(out / "source")
    return out / "source"


def test_the_buildpacks_own_command_serves_it(
    source: Path, printed: Path, database_url: str, connection: psycopg.Connection[DictRow]
) -> None:
    """Its libraries are those that are installed here: what pip would install is locked to the same versions."""
    arrange.source(connection)
    port, output = free_port(), printed / "gcp.log"
    settings = {
        "DATABASE_URL": database_url, "CRON_SECRET": canaries.CRON_SECRET, "FUNCTION_USE_ASGI": "1",
        "FUNCTION_TARGET": FUNCTION, "PORT": str(port),
        "PYTHONPATH": sysconfig.get_path("platlib"),  # without -S, its link to this checkout would count, too
    }  # fmt: skip
    framework = [sys.executable, "-S", "-s", "-m", "functions_framework", "--source", "main.py", "--host", "127.0.0.1"]
    with (
        output.open("wb") as log,
        subprocess.Popen(framework, cwd=source, env=settings, stdout=log, stderr=subprocess.STDOUT) as process,
    ):
        try:
            wait_for_port(port, process, output)
            answer = httpx.post(
                f"http://127.0.0.1:{port}/getcourse/school",
                json={"user_id": "1", "answer_id": "2", "answer_text": "Ответ"},
                headers={"x-webhook-secret": canaries.SOURCE_SECRET, "x-cloud-trace-context": "1/2;o=1"},
                trust_env=False,
                timeout=30,
            )
        finally:
            process.terminate()
            process.wait(20)

    assert (answer.status_code, answer.json()["stored"]) == (200, 1), output.read_text()
    assert connection.execute("select count(*) as n from getcourse.webhook_events").fetchone() == {"n": 1}


def test_pip_installs_what_is_locked_and_no_more(source: Path) -> None:
    text = (source / "requirements.txt").read_text(encoding="utf-8")
    lock = (ROOT / gcp.LOCK).read_text(encoding="utf-8")
    entries = _ENTRY.findall(text)

    assert {"functions-framework", "psycopg-binary", "httpx", "uvicorn"} <= {
        entry.partition("==")[0] for entry in entries
    }
    assert not [entry for entry in entries if entry.startswith(("pillow", "pydantic", "mangum"))]
    assert all(line in lock.splitlines() for line in text.splitlines())
    for block in re.split(r"(?m)^(?=\S+==)", text)[1:]:
        assert "--hash=sha256:" in block
        assert not block.rstrip().endswith("\\")


def test_nothing_is_in_it_that_google_has_no_use_for(source: Path) -> None:
    houses, functions = (
        {path.name for path in folder.iterdir()} - {"__pycache__"} for folder in (source, source / "functions")
    )

    assert houses == {"functions", "shared", "main.py", "requirements.txt"}
    assert functions == {"__init__.py", FUNCTION}


def test_a_function_that_there_is_not_is_named() -> None:
    with pytest.raises(PackageError, match="there is no function take_calls; there are agent_reply"):
        command.chosen(["housekeeping", "take_calls"])
    assert command.chosen([]) == server.names()
