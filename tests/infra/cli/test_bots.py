"""carillon bots and carillon doctor, against the Telegram stand-in."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import psycopg
import pytest

from infra.local.schedules import read_schedules
from infra.sandbox.server import SandboxServer, running
from shared.credentials import secrets
from shared.credentials.bots import token_associated_data
from tests.conftest import rows
from tests.helpers import arrange, canaries
from tests.infra.cli.conftest import Carillon, Ran

NUMBER = int(canaries.BOT_TOKEN.split(":")[0])


@pytest.fixture
async def telegram() -> AsyncIterator[SandboxServer]:
    """A running sandbox."""
    async with running() as server:
        yield server


async def asked(carillon: Carillon, telegram: SandboxServer, *arguments: str, stdin: str | None = None) -> Ran:
    """Run a command beside the stand-in's event loop."""
    return await asyncio.to_thread(partial(carillon, *arguments, stdin=stdin, TELEGRAM_API_URL=telegram.url))


async def test_a_bot_is_asked_who_it_is_and_its_token_is_sealed(
    carillon: Carillon, telegram: SandboxServer, connection: psycopg.Connection[object]
) -> None:
    added = await asked(
        carillon,
        telegram,
        "bots",
        "add",
        "school",
        "--system",
        "getcourse",
        "--token-stdin",
        stdin=canaries.BOT_TOKEN + "\n",
    )

    assert (added.code, added.err) == (0, "")
    (bot,) = rows(connection, "select * from platform.bots")
    assert (bot["telegram_id"], bot["username"]) == (NUMBER, f"sandbox_{NUMBER}_bot")
    assert (
        secrets.unseal(arrange.SECRETS_KEY, bot["token_sealed"], token_associated_data("school")) == canaries.BOT_TOKEN
    )


async def test_a_refused_bot_that_works_again_is_put_back_to_work(
    carillon: Carillon, telegram: SandboxServer, connection: psycopg.Connection[object]
) -> None:
    arrange.bot(connection, status="auth_failed")
    telegram.telegram.bot_of(NUMBER).revoked = True
    refused = await asked(carillon, telegram, "bots", "check", "school")
    assert refused.code == 1
    assert rows(connection, "select status from platform.bots")[0]["status"] == "auth_failed"

    telegram.telegram.bot_of(NUMBER).revoked = False
    assert (await asked(carillon, telegram, "bots", "check")).code == 0
    assert rows(connection, "select status from platform.bots")[0]["status"] == "active"


async def test_a_webhook_is_set_with_the_derived_secret_and_keeps_waiting_updates(
    carillon: Carillon, telegram: SandboxServer, connection: psycopg.Connection[object]
) -> None:
    arrange.bot(connection)
    telegram.telegram.bot_of(NUMBER).pending.append({"update_id": 1})
    done = await asked(carillon, telegram, "bots", "set-webhook", "school", "--url", "https://f.example.com/")

    assert done.code == 0
    bot = telegram.telegram.bot_of(NUMBER)
    assert bot.webhook is not None
    assert bot.webhook.url == "https://f.example.com/telegram_webhook/school"
    assert bot.webhook.secret_token == secrets.telegram_webhook_secrets(arrange.SECRETS_KEY, "school", 1, None)[0]
    assert bot.webhook.allowed_updates == ["message", "edited_message", "callback_query", "my_chat_member"]
    (call,) = telegram.telegram.journal.find(method="setWebhook")
    assert "drop_pending_updates" not in str(call)


async def test_telegrams_refusal_is_reported_with_its_description(
    carillon: Carillon, telegram: SandboxServer, connection: psycopg.Connection[object]
) -> None:
    arrange.bot(connection)
    refused = await asked(carillon, telegram, "bots", "set-webhook", "school", "--url", "http://f.example.com")

    assert refused.code == 1
    assert "HTTPS" in refused.err


async def test_the_doctor_is_content_when_everything_is_there(
    carillon: Carillon, telegram: SandboxServer, connection: psycopg.Connection[object]
) -> None:
    arrange.bot(connection, alert_chat_id=-1001900000010)
    arrange.source(connection)
    connection.execute(
        "insert into platform.job_runs (function, started_at, finished_at) select unnest(%s::text[]), now(), now()",
        ([schedule.function for schedule in read_schedules()],),
    )
    settings = {"TELEGRAM_API_URL": telegram.url, "CRON_SECRET": canaries.CRON_SECRET}
    report = await asyncio.to_thread(partial(carillon, "doctor", "--json", **settings))

    assert (report.code, report.json["status"]) == (0, "ok")
    assert {finding["status"] for finding in report.json["findings"]} == {"ok"}


def test_the_doctor_says_when_it_could_not_look(carillon: Carillon) -> None:
    """A monitor tells that from a problem by the exit code."""
    report = carillon("doctor", "--offline", "--json", DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")

    assert (report.code, report.json["status"]) == (2, "unknown")
    assert report.json["findings"][-1]["area"] == "database"
    assert set(report.json["findings"][-1]) == {"area", "subject", "status", "message", "next_step"}


@pytest.mark.parametrize("token", ["", "123", "abc:def", canaries.BOT_TOKEN + " x"])
def test_what_is_no_token_is_a_usage_error(carillon: Carillon, token: str) -> None:
    assert carillon("bots", "add", "school", "--system", "getcourse", "--token-stdin", stdin=token).code == 2


def test_a_bot_is_added_unchecked_when_nobody_may_be_asked(carillon: Carillon) -> None:
    for expected in ("can send", "has its new token"):
        command = ("bots", "add", "school", "--system", "getcourse", "--no-check", "--token-stdin")
        added = carillon(*command, stdin=canaries.BOT_TOKEN)
        assert expected in added.out
    assert carillon("bots", "list", "--json").json[0]["telegram_id"] == NUMBER


def test_a_token_in_the_command_works_for_one_more_release_and_says_where_it_was_left(carillon: Carillon) -> None:
    added = carillon("bots", "add", "school", "--system", "getcourse", "--no-check", "--token", canaries.BOT_TOKEN)

    assert (added.code, "--token-stdin < FILE" in added.err) == (0, True)
    assert "--token " not in carillon("bots", "add", "--help").out


def test_a_telegram_that_cannot_be_reached_is_reported_without_the_token(carillon: Carillon) -> None:
    result = carillon(
        "bots",
        "add",
        "school",
        "--system",
        "getcourse",
        "--token",
        canaries.BOT_TOKEN,
        TELEGRAM_API_URL="http://127.0.0.1:1",
    )

    assert result.code == 1
    assert "TELEGRAM_API_URL" in result.err


def test_without_a_key_no_token_is_kept(carillon: Carillon) -> None:
    command = ("bots", "add", "school", "--system", "getcourse", "--token", canaries.BOT_TOKEN, "--no-check")
    result = carillon(*command, SECRETS_KEY="")

    assert result.code == 1
    assert "carillon bots new-key" in result.err


def test_a_new_key_seals(carillon: Carillon) -> None:
    key = carillon("bots", "new-key").out.strip()

    assert secrets.unseal(key, secrets.seal(key, "words", "here"), "here") == "words"


def test_the_doctor_names_a_problem_and_the_next_step(
    carillon: Carillon, connection: psycopg.Connection[object]
) -> None:
    arrange.bot(connection)
    source = arrange.source(connection)
    connection.execute("delete from platform.source_secrets")
    connection.execute(
        """
        insert into getcourse.webhook_events (source_id, event_date, user_id, answer_id, error_message, next_attempt_at)
        values (%s, now(), '1', '1', 'no_mentor', now() - interval '1 hour')
        """,
        (source,),
    )
    report = carillon("doctor", "--offline", "--json", SECRETS_KEY=secrets.new_key())

    assert report.code == 1
    found = {(finding["status"], finding["area"]) for finding in report.json["findings"]}
    assert {
        ("problem", "sources"),
        ("problem", "bots"),
        ("problem", "events"),
        ("warning", "backlog"),
        ("warning", "last run"),
    } <= found
    assert all(finding["next_step"] for finding in report.json["findings"] if finding["status"] != "ok")
