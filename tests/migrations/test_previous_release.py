"""The functions of the previous release work on today's schema: while a new release comes, both are there."""

import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from tests.benchmarks import cold
from tests.conftest import rows
from tests.functions.ingest_webhook.whatsapp.world import chatflow, new_jid
from tests.functions.telegram_webhook.courses.world import BOT, School
from tests.functions.telegram_webhook.support.world import secret
from tests.helpers import arrange, canaries
from tests.helpers.grants import as_role
from tests.helpers.serving import ROOT, sandbox_process
from tests.helpers.worlds import support
from tests.migrations import old_release

# Whose functions are at work where the next one is deployed. A release adds its commit here: CONTRIBUTING.md, Release.
VERSION, COMMIT = "0.1.0", "8e5ae0e02dac86a4feda533284667ecba363aca7"
SCHEMA = "0047_session_changes"  # that it came with

HEADER = "X-Telegram-Bot-Api-Secret-Token"

Call = tuple[str, cold.Request]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with its functions, as the history has them."""
    taken = subprocess.run(
        ["git", "archive", COMMIT, "functions", "shared"],  # noqa: S607 - the git that is here
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    if taken.returncode:
        pytest.skip(f"the history here does not reach back to {VERSION} ({COMMIT[:7]}): its functions are not tried")
    folder = tmp_path_factory.mktemp("release")
    with tarfile.open(fileobj=io.BytesIO(taken.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def ask(release: Path, url: str, calls: list[Call], **settings: str) -> list[int]:
    """What they answer, each as its own role of the database."""
    common = {"SECRETS_KEY": arrange.SECRETS_KEY, "CRON_SECRET": canaries.CRON_SECRET, **settings}
    lines = [
        json.dumps({
            "function": name, "path": request.path, "method": request.method, "body": request.body,
            "headers": {
                "Content-Type": "application/json", "X-Cron-Secret": canaries.CRON_SECRET, **request.headers,
            },
            "settings": {"DATABASE_URL": as_role(url, name), **common},
        })
        for name, request in calls
    ]  # fmt: skip
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(release)}
    done = subprocess.run(
        [sys.executable, "-P", old_release.__file__], input="\n".join(lines), cwd=release, env=environment,
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answers = [line.removeprefix("ANSWER ") for line in done.stdout.splitlines() if line.startswith("ANSWER ")]
    return [int(answer) for answer in answers]


def webhooks(connection: psycopg.Connection[DictRow]) -> dict[str, Call]:
    """A webhook or call of each system, and what it meets."""
    arrange.bot(connection, private_pace="0")
    arrange.source(connection)
    mentor = arrange.mentor(connection, email="mentor@example.com", telegram_id=700_000_101)
    student = arrange.student(connection, getcourse_id="512000001", email=canaries.EMAIL)
    arrange.mapping(connection, student, mentor, "911000001")
    support.desk(connection, token=canaries.BOT_TOKEN.replace("1:", "2:"))
    school = School(connection, "")
    salon = support.insert(connection, "public.tenants_v2", name="tone")
    arrange.source(connection, "tone", provider="yclients", field_map=Jsonb({"tenant_id": str(salon)}))
    cold.arrange_client(connection)
    start = {"update_id": 1, "message": person(school.stranger().telegram_id)}
    answer = {"user_id": "512000001", "answer_id": "1", "answer_training_id": "911000001", "answer_text": "Ответ"}
    booking = {"tenant_id": salon, "external_id": "7", "client_id": "c", "look_at": "infinity"}
    support.insert(connection, "dashboard.bookings", **booking)
    record = {"company_id": 1, "resource": "record", "resource_id": 7, "status": "update", "data": {"id": 7}}
    return {
        "getcourse": ("ingest_webhook", posted("/getcourse/school", answer)),
        "support": ("ingest_webhook", posted("/whatsapp/echo", chatflow(new_jid()))),
        "salon": ("ingest_webhook", posted("/yclients/tone", record)),
        "courses": ("telegram_webhook", cold.Request(f"/{BOT}", json.dumps(start), {HEADER: secret(BOT)})),
        "learning": ("learning_api", cold.first_request("learning_api")),
    }


def posted(path: str, body: Any) -> cold.Request:
    return cold.Request(path, json.dumps(body), {"X-Webhook-Secret": canaries.SOURCE_SECRET})


def person(telegram_id: int) -> dict[str, Any]:
    sender = {"id": telegram_id, "is_bot": False, "first_name": "Анна"}
    chat = {"id": telegram_id, "type": "private"}
    return {"message_id": 1, "date": 1_768_478_400, "chat": chat, "from": sender, "text": "/start"}


@pytest.mark.slow
def test_a_webhook_of_each_system_goes_through_its_functions(
    release: Path, connection: psycopg.Connection[DictRow], direct_url: str, printed: Path
) -> None:
    calls = webhooks(connection)
    with sandbox_process(printed) as telegram:
        answers = ask(release, direct_url, [*calls.values(), ("dispatch_notifications", cold.Request())],
                      TELEGRAM_API_URL=telegram)  # fmt: skip

    assert dict(zip([*calls, "dispatched"], answers, strict=True)) == dict.fromkeys([*calls, "dispatched"], 200)
    assert rows(connection, "select answer_id from getcourse.webhook_events") == [{"answer_id": "1"}]
    assert rows(connection, "select count(*) as n from support.messages where role = 'user'") == [{"n": 1}]
    assert rows(connection, "select look_at <= now() as is_due from dashboard.bookings") == [{"is_due": True}]
    sent = rows(connection, "select b.system from platform.outbox o join platform.bots b on b.id = o.bot_id "
                            "where o.state = 'sent' group by 1 order by 1")  # fmt: skip
    assert sent == [{"system": "courses"}, {"system": "getcourse"}]


@pytest.mark.slow
def test_each_of_its_functions_answers_as_it_did(
    release: Path, connection: psycopg.Connection[DictRow], direct_url: str
) -> None:
    arrange.bot(connection)
    arrange.source(connection)
    cold.arrange_client(connection)
    names = sorted(path.parent.name for path in release.glob("functions/*/main.py"))
    requests = [cold.first_request(name) for name in names]

    health = [(name, cold.Request("/health", method="GET")) for name in names]
    answers = ask(release, direct_url, [*zip(names, requests, strict=True), *health])

    assert dict(zip(names, answers[: len(names)], strict=True)) == {
        name: request.status for name, request in zip(names, requests, strict=True)
    }
    assert answers[len(names) :] == [200] * len(names)


def test_the_release_is_the_one_that_the_changelog_names(release: Path) -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = next(line for line in changelog.splitlines() if line.startswith("## [") and "Unreleased" not in line)

    assert newest.startswith(f"## [{VERSION}]")
    assert f'SCHEMA = "{SCHEMA}"' in (release / "shared" / "version.py").read_text(encoding="utf-8")
    assert (ROOT / "migrations" / "versions" / f"{SCHEMA}.py").exists()
