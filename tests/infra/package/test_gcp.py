"""What make package-gcp makes is what Google's buildpack looks for: it installs, and then runs functions-framework."""

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow

from infra.local import server
from infra.package import __main__ as command
from infra.package import aws, gcp, libraries
from infra.package.libraries import PackageError
from tests.helpers import arrange, canaries
from tests.helpers.serving import ROOT, free_port, wait_for_port
from tests.infra.gcp import issuer
from tests.infra.package.conftest import ARCHITECTURE, PYTHON

FUNCTION, SCHEDULED = "ingest_webhook", "remind_deadlines"
_ENTRY = re.compile(r"(?m)^\S+==\S+")


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source of each function, as the buildpack unpacks it."""
    out = tmp_path_factory.mktemp("gcp")
    try:
        gcp.build(ROOT, [FUNCTION, SCHEDULED], out)
    except PackageError as error:
        pytest.skip(f"nothing is packed: {error}")
    for name in (FUNCTION, SCHEDULED):
        with zipfile.ZipFile(out / f"{name}.zip") as archive:
            archive.extractall(out / name)
    return out


@pytest.fixture
def source(sources: Path) -> Path:
    return sources / FUNCTION


@pytest.fixture(scope="module")
def installed(sources: Path) -> Path:
    """A folder with the libraries that the scheduled one's requirements.txt names: pip's, for the Python at hand."""
    target = sources / "installed"
    try:
        libraries.install(sources / SCHEDULED / "requirements.txt", PYTHON, aws.PLATFORMS[ARCHITECTURE], target)
    except PackageError as error:
        pytest.skip(f"nothing is installed: {error}")
    return target


@contextmanager
def served(source: Path, installed: Path, output: Path, **settings: str) -> Iterator[str]:
    """The buildpack's own command, `functions-framework` without arguments, beside nothing but what was installed."""
    port = free_port()
    environment = {
        "FUNCTION_TARGET": source.name, "FUNCTION_USE_ASGI": "1", "PORT": str(port), "HOST": "127.0.0.1",
        "PYTHONPATH": str(installed), "K_SERVICE": source.name, **settings,
    }  # fmt: skip
    framework = [sys.executable, "-S", "-s", "-m", "functions_framework"]
    with (
        output.open("wb") as log,
        subprocess.Popen(framework, cwd=source, env=environment, stdout=log, stderr=subprocess.STDOUT) as process,
    ):
        try:
            wait_for_port(port, process, output)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(300)


def test_the_buildpacks_own_command_serves_it(
    source: Path, installed: Path, printed: Path, database_url: str, connection: psycopg.Connection[DictRow]
) -> None:
    arrange.source(connection)
    output = printed / "gcp.log"
    with served(source, installed, output, DATABASE_URL=database_url, CRON_SECRET=canaries.CRON_SECRET) as url:
        answer = httpx.post(
            f"{url}/getcourse/school",
            json={"user_id": "1", "answer_id": "2", "answer_text": "Ответ"},
            headers={"x-webhook-secret": canaries.SOURCE_SECRET, "x-cloud-trace-context": "1/2;o=1"},
            trust_env=False,
            timeout=30,
        )

    assert (answer.status_code, answer.json()["stored"]) == (200, 1), output.read_text()
    assert connection.execute("select count(*) as n from getcourse.webhook_events").fetchone() == {"n": 1}


async def test_googles_scheduler_is_known_by_its_token_and_a_poke_by_its_secret(
    sources: Path, installed: Path, printed: Path, database_url: str
) -> None:
    async with issuer.serving() as google, httpx.AsyncClient(trust_env=False, timeout=120) as http:
        settings = {
            "DATABASE_URL": database_url, "CRON_SECRET": canaries.CRON_SECRET, "SCHEDULER_ISSUER": google.url,
            "SCHEDULER_AUDIENCE": issuer.AUDIENCE, "SCHEDULER_ACCOUNT": issuer.ACCOUNT,
        }  # fmt: skip
        sent = {
            "authorization": f"Bearer {google.token()}", "user-agent": "Google-Cloud-Scheduler",
            "x-cloudscheduler": "true", "x-cloudscheduler-jobname": "carillon-remind-deadlines",
        }  # fmt: skip
        forged = sent | {"authorization": f"Bearer {google.token(email='somebody@example.com')}"}
        with served(sources / SCHEDULED, installed, printed / "gcp-scheduled.log", **settings) as url:
            answers = [
                await http.post(url, headers=headers)
                for headers in (sent, forged, {"x-cloudscheduler": "true"}, {"x-cron-secret": canaries.CRON_SECRET})
            ]

    assert [answer.status_code for answer in answers] == [200, 404, 404, 200]
    assert answers[0].json()["remaining"] == 0


def test_pip_installs_what_is_locked_and_no_more(source: Path) -> None:
    text = (source / "requirements.txt").read_text(encoding="utf-8")
    lock = (ROOT / gcp.LOCK).read_text(encoding="utf-8")
    entries = _ENTRY.findall(text)

    assert {"functions-framework", "psycopg-binary", "httpx", "uvicorn"} <= {
        entry.partition("==")[0] for entry in entries
    }
    assert not [entry for entry in entries if entry.startswith(("pillow", "pydantic", "mangum", "joserfc"))]
    assert all(line in lock.splitlines() for line in text.splitlines())
    for block in re.split(r"(?m)^(?=\S+==)", text)[1:]:
        assert "--hash=sha256:" in block
        assert not block.rstrip().endswith("\\")


def test_nothing_is_in_it_that_google_has_no_use_for(source: Path) -> None:
    houses, functions = (
        {path.name for path in folder.iterdir()} - {"__pycache__"} for folder in (source, source / "functions")
    )

    assert houses == {"functions", "infra", "shared", "main.py", "requirements.txt"}
    assert {path.name for path in (source / "infra" / "gcp").glob("*.py")} == {"__init__.py", "handler.py"}
    assert functions == {"__init__.py", FUNCTION}


def test_a_function_that_there_is_not_is_named() -> None:
    with pytest.raises(PackageError, match="there is no function take_calls; there are agent_reply"):
        command.chosen(["housekeeping", "take_calls"])
    assert command.chosen([]) == server.names()
