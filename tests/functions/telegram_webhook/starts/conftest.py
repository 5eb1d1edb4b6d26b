"""A school's bot, and people who press Start in it."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow, dict_row

from tests.conftest import rows
from tests.functions.telegram_webhook.support.world import secret
from tests.helpers import arrange
from tests.helpers.threads import serve_in_thread
from tests.helpers.worlds import support

_numbers = itertools.count(1)
people = itertools.count(7_200_000_001)

MENTOR = "Готово, сюда придут ответы учеников."


class Start:
    """The function's webhook, a school's bot, and whoever presses Start in it."""

    def __init__(self, connection: psycopg.Connection[DictRow], url: str) -> None:
        self.connection, self.url = connection, url
        self.bot = arrange.bot(connection, "school-tg", private_pace="0")
        self.source = arrange.source(connection, "school", bot_id=self.bot)

    def write(self, person: int, text: str = "/start", bot: str = "school-tg", **sender: Any) -> None:
        """A private message of a person."""
        author = {"id": person, "is_bot": False, "first_name": "Анна", "language_code": "ru", **sender}
        chat = {"id": person, "type": "private", "first_name": "Анна"}
        number = next(_numbers)
        message = {"message_id": number, "date": 1_770_000_000, "chat": chat, "from": author, "text": text}
        self.post({"update_id": 960_000_000 + number, "message": message}, bot)

    def let_in(self, person: int, bot: str = "school-tg") -> None:
        """A person lets the bot in again."""
        change = {"chat": {"id": person, "type": "private"}, "new_chat_member": {"status": "member"}}
        self.post({"update_id": 960_000_000 + next(_numbers), "my_chat_member": change}, bot)

    def post(self, update: dict[str, Any], bot: str) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret(bot)}
        answer = httpx.post(f"{self.url}/{bot}", json=update, headers=headers, trust_env=False, timeout=60)
        assert (answer.status_code, answer.text) == (200, "{}")

    def mentor(self, person: int, **columns: Any) -> int:
        names = {"first_name": "Анна", "last_name": "Ким"}
        return arrange.mentor(self.connection, getcourse_id=str(person), telegram_id=person, **names, **columns)

    def dead(self, person: int, error_class: str = "chat_not_found", **columns: Any) -> int:
        """A message that did not reach a person."""
        values = {
            "bot_id": self.bot, "chat_id": person, "lane": str(person), "kind": "getcourse/answer",
            "method": "sendMessage", "payload": '{"text": "Ответ"}', "dedup_key": f"start/test/{next(_numbers)}",
            "correlation_id": "c" * 32, "policy": "at_least_once", "expires_at": "tomorrow", "state": "dead",
            "finished_at": "now", "error_class": error_class, "attempt": 1, **columns,
        }  # fmt: skip
        identity: Any = support.insert(self.connection, "platform.outbox", **values)
        self.connection.execute(
            """insert into platform.lanes (bot_id, lane, blocked_at, blocked_class) values (%s, %s, now(), %s)
               on conflict do nothing""",
            (self.bot, str(person), error_class if error_class in ("blocked", "chat_not_found") else "blocked"),
        )
        return int(identity)

    def received(self, chat: int) -> list[str]:
        """The texts of the bot itself that a chat gets."""
        query = "select payload from platform.outbox where chat_id = %s and kind like 'platform/%%' order by id"
        return [row["payload"]["text"] for row in rows(self.connection, query, chat)]

    def state(self, outbox_id: int) -> str:
        [row] = rows(self.connection, "select state from platform.outbox where id = %s", outbox_id)
        return str(row["state"])


@pytest.fixture(scope="module")
def start(module_direct_url: str, module_database_url: str, printed: Path) -> Iterator[Start]:
    """The function, with a school's bot."""
    with (
        psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection,
        serve_in_thread(
            "telegram_webhook", printed, DATABASE_URL=module_database_url, SECRETS_KEY=arrange.SECRETS_KEY
        ) as served,
    ):
        yield Start(connection, served.url)
