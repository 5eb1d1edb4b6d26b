"""Who may come in, and what then happens to chats."""

import json
import os
from pathlib import Path

import psycopg
import pytest
from psycopg.rows import DictRow

from shared.credentials import secrets
from shared.database.pool import Database
from shared.delivery.enqueue import Message, enqueue
from shared.delivery.kinds import ANSWER_TO_LESSON
from tests.conftest import rows
from tests.functions.telegram_webhook.conftest import SECRET, Webhook
from tests.helpers import arrange
from tests.helpers.worlds import support

FOLDER = os.environ.get("SAMPLES_DIR", "")
PERSON, GROUP, SUPERGROUP = 700_000_101, -4_000_001, -1_001_900_000_001
START = {"update_id": 9, "message": {"message_id": 1, "date": 1, "chat": {"id": PERSON}, "text": "/start"}}


def block(connection: psycopg.Connection[DictRow], bot: int) -> None:
    connection.execute(
        """insert into platform.lanes (bot_id, lane, blocked_at, blocked_class) values (%s, %s, now(), 'blocked')""",
        (bot, str(PERSON)),
    )


def blocked(connection: psycopg.Connection[DictRow]) -> list[str]:
    return [row["lane"] for row in rows(connection, "select lane from platform.lanes where blocked_at is not null")]


def test_unauthenticated_callers_get_one_answer_and_change_nothing(
    webhook: Webhook, connection: psycopg.Connection[DictRow]
) -> None:
    block(connection, webhook.bot)
    arrange.bot(connection, "other", "7000000002:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr")
    foreign = secrets.telegram_webhook_secrets(arrange.SECRETS_KEY, "other", 1, None)[0]

    answers = [webhook.post(START, secret) for secret in (None, "", "wrong", SECRET[:-1], SECRET + "x", foreign)]
    answers += [
        webhook.post(START, SECRET, path) for path in ("/", "/nobody", "/School", "/школа", "/%00", "/school/x")
    ]

    assert {(answer.status_code, answer.text) for answer in answers} == {(404, answers[0].text)}
    assert blocked(connection) == [str(PERSON)]


def test_a_rotated_secret_no_longer_opens(webhook: Webhook, connection: psycopg.Connection[DictRow]) -> None:
    connection.execute("update platform.bots set webhook_version = 2")

    assert webhook.post(START).status_code == 404
    new = secrets.telegram_webhook_secrets(arrange.SECRETS_KEY, "school", 2, None)[0]
    assert webhook.post(START, new).status_code == 200


def test_whoever_comes_back_is_welcomed_once(webhook: Webhook, connection: psycopg.Connection[DictRow]) -> None:
    """Telegram brings both: the bot is let in again, and /start is said."""
    block(connection, webhook.bot)
    let_in = {"chat": {"id": PERSON}, "new_chat_member": {"status": "member"}}

    answers = [webhook.post(update) for update in ({"update_id": 8, "my_chat_member": let_in}, START, START)]

    assert [(answer.status_code, answer.text) for answer in answers] == [(200, "{}")] * 3
    assert blocked(connection) == []
    [told] = rows(connection, "select chat_id, payload, state from platform.outbox")
    assert (told["chat_id"], told["state"]) == (PERSON, "queued")
    assert "Снова на связи" in told["payload"]["text"]


@pytest.mark.parametrize(
    ("code", "owners", "begins"),
    [("en", None, "Back again"), ("de", None, "Снова"), (None, None, "Снова"), ("en", "ru", "Снова"),
     ("ru", "en", "Back again")],
)  # fmt: skip
def test_whoever_comes_back_reads_the_bots_language_or_their_own(
    webhook: Webhook, connection: psycopg.Connection[DictRow], code: str | None, owners: str | None, begins: str
) -> None:
    block(connection, webhook.bot)
    if owners:
        arrange.source(connection, bot_id=webhook.bot, language=owners)
    sender = {"id": PERSON, "first_name": "Ия", **({"language_code": code} if code else {})}

    message = {"message_id": 1, "date": 1, "chat": {"id": PERSON}, "text": "/start", "from": sender}

    webhook.post({"update_id": 9, "message": message})

    [told] = rows(connection, "select payload ->> 'text' as text from platform.outbox")
    assert told["text"].startswith(begins)


def test_what_is_ignored_has_a_reason_in_the_log(webhook: Webhook, printed: Path) -> None:
    webhook.post({"update_id": 9, "message_reaction": {"chat": {"id": GROUP}}})
    webhook.post({"update_id": 10, "message": {"message_id": 1, "date": 1, "chat": {"id": PERSON}, "text": "спасибо"}})

    log = "".join(path.read_text(encoding="utf-8") for path in printed.glob("*") if path.is_file())
    assert "a reaction is no message" in log
    assert "a private message is nobody's question" in log


async def test_a_group_that_moved_takes_its_waiting_messages_along_once(
    webhook: Webhook, database: Database, connection: psycopg.Connection[DictRow]
) -> None:
    arrange.source(connection, admin_chat_id=GROUP)
    async with database.transaction() as transaction:
        messages = [Message(webhook.bot, ANSWER_TO_LESSON, f"k{n}", {"text": "t"}, "c", GROUP) for n in (1, 2)]
        await enqueue(transaction, messages)

    for update in (
        {"update_id": 1, "message": {"chat": {"id": GROUP}, "migrate_to_chat_id": SUPERGROUP}},
        {"update_id": 2, "message": {"chat": {"id": SUPERGROUP}, "migrate_from_chat_id": GROUP}},
    ):
        assert webhook.post(update).text == "{}"

    waiting = rows(connection, "select chat_id, lane from platform.outbox order by id")
    assert [(row["chat_id"], row["lane"]) for row in waiting] == [(SUPERGROUP, str(SUPERGROUP))] * 2
    heads = {
        row["lane"]: row["head_due"] is not None
        for row in rows(connection, "select lane, head_due from platform.lanes")
    }
    assert heads == {str(GROUP): False, str(SUPERGROUP): True}
    assert rows(connection, "select admin_chat_id from platform.webhook_sources")[0]["admin_chat_id"] == SUPERGROUP
    assert len(rows(connection, "select from platform.chat_moves")) == 1


def test_the_secret_of_one_bot_moves_no_group_of_another(
    webhook: Webhook, connection: psycopg.Connection[DictRow]
) -> None:
    desk = support.desk(connection, "beta", GROUP, "7000000009:" + "y" * 35)
    move = {"message_id": 1, "date": 1, "chat": {"id": GROUP}, "migrate_to_chat_id": SUPERGROUP}

    assert webhook.post({"update_id": 1, "message": move}).text == "{}"

    [settings] = rows(connection, "select telegram_chat_id, telegram_bot_id from support.client_settings")
    assert settings == {"telegram_chat_id": str(GROUP), "telegram_bot_id": desk.telegram_bot}
    assert rows(connection, "select from platform.chat_moves") == []


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff", b'"/start"', b"[" * 100_000])
def test_what_cannot_be_read_is_not_asked_for_again(webhook: Webhook, body: bytes) -> None:
    answer = webhook.post(body)

    assert (answer.status_code, answer.text) == (200, "{}")


def test_nothing_of_an_update_comes_back_in_the_answer(webhook: Webhook) -> None:
    answer = webhook.post({"method": "sendMessage", "chat_id": 1, "text": "x", "message": {"method": "sendMessage"}})

    assert answer.text == "{}"


def test_every_sample_update_is_taken(webhook: Webhook) -> None:
    if not FOLDER:
        pytest.skip("SAMPLES_DIR is not set")
    files = sorted((Path(FOLDER) / "telegram" / "updates").glob("*.json"))
    assert files
    for path in files:
        answer = webhook.post(json.loads(path.read_text(encoding="utf-8")))
        assert answer.status_code == 200, path.name
        assert answer.json().get("method", "answerCallbackQuery") == "answerCallbackQuery", path.name
