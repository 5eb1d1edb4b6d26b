"""One request from its card to its end, as a manager sees it: every process as it is deployed, poked after commits."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow

from infra.admin.rotation.telegram_webhook import UPDATES
from shared.database.pool import Database
from shared.support import conversations, open_handover, outgoing
from tests.conftest import rows
from tests.functions.telegram_webhook.support.world import BOT_NAME, IVAN, secret
from tests.helpers import arrange, canaries
from tests.helpers.serving import sandbox_process, serve
from tests.helpers.worlds import support

BOT = int(canaries.BOT_TOKEN.split(":", maxsplit=1)[0])
PHOTO = [{"file_id": "AgACAgIAAxk", "file_unique_id": "AQAD", "width": 90, "height": 90}]


@dataclass(frozen=True)
class Played:
    """Telegram, as Ivan uses it."""

    client: httpx.Client
    dispatch_url: str

    def does(self, what: str, **how: Any) -> dict[str, Any]:
        """Something in the group; the function takes it."""
        who = {"bot": BOT, "chat_id": support.CHAT, "from_id": IVAN["id"], "first_name": "Иван"}
        answer = self.client.post(f"/_sandbox/{what}", json={**who, **how})
        assert answer.status_code == 200, answer.text
        said: dict[str, Any] = answer.json()
        assert said["status"] == 200
        return said

    def called(self, method: str) -> list[dict[str, Any]]:
        """What our bot did."""
        found = self.client.get("/_sandbox/journal", params={"method": method}).json()
        return [row["params"] for row in found if row["status"] == 200]

    def told(self, begins: str) -> dict[str, Any]:
        """The one message that begins so, once it is there."""
        [said] = until(
            lambda: [message for message in self.called("sendMessage") if message["text"].startswith(begins)]
        )
        only: dict[str, Any] = said
        return only

    def shown(self, words: str) -> dict[str, Any]:
        """The card, once it says this."""
        edits: list[dict[str, Any]] = until(
            lambda: [message for message in self.called("editMessageText") if words in message["text"]]
        )
        return edits[-1]

    def toast(self) -> str:
        """What who pressed last was told."""
        text: str = self.called("answerCallbackQuery")[-1]["text"]
        return text

    def tick(self) -> None:
        """The dispatcher's minute."""
        secret = {"x-cron-secret": canaries.CRON_SECRET}
        assert httpx.post(self.dispatch_url, headers=secret, trust_env=False, timeout=60).status_code == 200


def until(found: Callable[[], Any], seconds: float = 60) -> Any:
    """What `found()` finds, once it does."""
    end = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)
    return value


@pytest.fixture
def played(database_url: str, printed: Path) -> Iterator[Played]:
    """The stand-in with its webhook set, and both functions."""
    with ExitStack() as stack:
        sandbox = stack.enter_context(sandbox_process(printed))
        common = {"DATABASE_URL": database_url, "SECRETS_KEY": arrange.SECRETS_KEY, "CRON_SECRET": canaries.CRON_SECRET}
        gateways = {"TELEGRAM_API_URL": sandbox, "CHATFLOW_API_URL": f"{sandbox}/chatflow"}
        dispatch = stack.enter_context(serve("dispatch_notifications", printed, **common, **gateways))
        webhook = stack.enter_context(serve("telegram_webhook", printed, **common, POKE=f"http:{dispatch.url}"))
        client = stack.enter_context(httpx.Client(base_url=sandbox, trust_env=False, timeout=120))
        hook = {"url": f"{webhook.url}/{BOT_NAME}", "secret_token": secret(), "allowed_updates": UPDATES}
        assert client.post(f"/bot{canaries.BOT_TOKEN}/setWebhook", json=hook).json()["ok"]
        yield Played(client, dispatch.url)


async def test_a_request_is_taken_answered_and_resolved_in_telegram(
    connection: psycopg.Connection[DictRow], database: Database, played: Played
) -> None:
    conversation = support.conversation(connection, support.desk(connection))
    connection.execute("update platform.bots set private_pace = '0', group_pace = '0', rate_per_second = 1000")
    async with database.transaction() as opened:
        [talk] = await conversations.lock(opened, [conversation])
        await outgoing.enqueue_linked(
            opened, (await open_handover.open_handover(opened, talk, "keyword", "оператор", "c" * 32))[1]
        )
    played.tick()
    [card] = rows(connection, "select number, telegram_message_id from support.handovers")
    [topic] = rows(connection, "select thread_id from platform.topics")

    _take(played, card)
    _write(played, topic["thread_id"])
    _resolve(played, card)

    under_way = "select from platform.outbox where state = 'sending'"
    until(lambda: not rows(connection, under_way))
    ended = rows(connection, "select distinct state from platform.outbox where state <> 'queued'")
    assert ended == [{"state": "sent"}]


def _take(played: Played, card: dict[str, Any]) -> None:
    played.does("press", message_id=card["telegram_message_id"], data=f"support/take/{card['number']}")
    assert played.toast() == f"Вы взяли заявку № {card['number']}"
    assert played.shown("в работе")["message_id"] == card["telegram_message_id"]


def _write(played: Played, thread: int) -> None:
    played.does("say", thread=thread, text="Здравствуйте, чем помочь?")
    arrived = until(lambda: played.client.get("/_sandbox/whatsapp/journal").json())
    assert [(message["to"], message["text"]) for message in arrived] == [(support.JID, "Здравствуйте, чем помочь?")]
    photo = played.does("say", thread=thread, more={"photo": PHOTO})
    below = played.told("📎")
    assert (below["message_thread_id"], below["reply_parameters"]["message_id"]) == (thread, photo["message_id"])
    words = played.does("say", thread=thread, text="Обишка")
    played.does("edit", message_id=words["message_id"], text="Ошибка")
    played.told("✏️")


def _resolve(played: Played, card: dict[str, Any]) -> None:
    played.does("say", text="/stats")
    assert "Сегодня: заявок 1" in played.told("📊")["text"]
    played.does("press", message_id=card["telegram_message_id"], data=f"support/resolve/{card['number']}")
    assert played.toast() == f"Заявка № {card['number']} решена"
    assert played.shown("✅ Решено: Иван")["reply_markup"] == {"inline_keyboard": []}
