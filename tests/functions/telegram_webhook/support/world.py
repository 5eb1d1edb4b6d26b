"""A support desk's group: its people, what they press and write, and what came of it."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
import psycopg
from psycopg.rows import DictRow

from shared.credentials import secrets
from tests.conftest import rows
from tests.helpers import arrange
from tests.helpers.redelivery import redelivered
from tests.helpers.worlds import support
from tests.helpers.worlds.support import Desk

Json = dict[str, Any]

IVAN: Json = {"id": 7_100_000_001, "is_bot": False, "first_name": "Иван", "username": "ivan_desk"}
OLGA: Json = {"id": 7_100_000_002, "is_bot": False, "first_name": "Ольга", "last_name": "Сон"}
EVERYBODY: list[Json] = [IVAN, OLGA] + [
    {"id": 7_100_000_010 + n, "is_bot": False, "first_name": f"Коллега {n}"} for n in range(6)
]
BOT_NAME = "echo-tg"
ENDED = ("resolved", "bot_handling", "timeout")


def secret(bot: str = BOT_NAME) -> str:
    """What Telegram proves itself with."""
    return secrets.telegram_webhook_secrets(arrange.SECRETS_KEY, bot, 1, None)[0]


@dataclass(frozen=True)
class Case:
    """A person's conversation, its topic and its handover."""

    conversation: UUID
    handover: UUID | None
    number: int
    thread: int
    card: int | None
    jid: str


@dataclass
class Managers:
    """The group, the function's webhook, and the tables behind it."""

    connection: psycopg.Connection[DictRow]
    desk: Desk
    url: str = ""
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def case(self, status: str | None = "pending", *, card: bool = True, of: Desk | None = None) -> Case:
        """Somebody new who wrote, and how it stands with them; without a status nobody was called."""
        of, n = of or self.desk, next(self.numbers)
        jid, thread, card_id = f"7701{n:07}@s.whatsapp.net", 1000 + n, 100_000 + n if card else None
        muted = {"bot_status": "muted"} if status == "active" else {}
        conversation = support.conversation(self.connection, of, jid, f"Айгерим {n}", **muted)
        [user] = rows(self.connection, "select user_id from support.conversations where id = %s", conversation)
        support.insert(
            self.connection, "platform.topics", bot_id=of.telegram_bot, chat_id=of.chat, thread_id=thread,
            key=f"support/user/{user['user_id']}", name="Айгерим",
        )  # fmt: skip
        if status is None:
            return Case(conversation, None, 0, thread, card_id, jid)
        taken = {"assigned_to_name": "Иван", "assigned_to_id": IVAN["id"]} if status in ("active", "resolved") else {}
        ended = {"resolved_at": "now"} if status in ENDED else {}
        handover = support.insert(
            self.connection, "support.handovers", conversation_id=conversation, client_id=of.id, status=status,
            trigger_type="keyword", telegram_message_id=card_id, **taken, **ended,
        )  # fmt: skip
        [row] = rows(self.connection, "select number from support.handovers where id = %s", handover)
        return Case(conversation, handover, row["number"], thread, card_id, jid)

    def post(self, update: Json, bot: str = BOT_NAME) -> httpx.Response:
        """Call the webhook as Telegram does."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret(bot)}
        with httpx.Client(base_url=self.url, trust_env=False, timeout=120) as client:
            return client.post(f"/{bot}", json=update, headers=headers)

    def press(self, case: Case, move: str, by: Json = IVAN, **how: Any) -> str:
        """What who presses is told."""
        update = self.press_update(case, move, by, **how)
        return toast(redelivered(lambda: self.post(update)))

    def press_update(
        self, case: Case, move: str, by: Json = IVAN, chat: int | None = None, data: str | None = None
    ) -> Json:
        """The update of a press."""
        place = {"id": chat or self.desk.chat, "type": "supergroup", "title": "Забота", "is_forum": True}
        message = {"message_id": case.card or 100_000 + case.thread - 1000, "date": 1_770_000_000, "chat": place}
        message |= {"message_thread_id": case.thread, "is_topic_message": True, "text": "Заявка"}
        query = {"from": by, "message": message, "chat_instance": "-7", "data": data or f"support/{move}/{case.number}"}
        number = next(self.numbers)
        return {"update_id": 900_000_000 + number, "callback_query": {"id": str(4 * 10**18 + number), **query}}

    def message_update(self, case: Case, by: Json = IVAN, kind: str = "message", **content: Any) -> Json:
        """The update of a message in the person's topic."""
        number = next(self.numbers)
        place = {"id": self.desk.chat, "type": "supergroup", "title": "Забота", "is_forum": True}
        message = {"message_id": 200_000 + number, "date": 1_770_000_000, "chat": place, "from": by}
        message |= {"message_thread_id": case.thread, "is_topic_message": True}
        return {"update_id": 900_000_000 + number, kind: message | content}

    def say(self, case: Case, by: Json = IVAN, kind: str = "message", **content: Any) -> None:
        """Write in the person's topic; nothing is answered to it in the response."""
        update = self.message_update(case, by, kind, **content)
        answer = redelivered(lambda: self.post(update))
        assert (answer.status_code, answer.text) == (200, "{}")

    def handover_row(self, case: Case) -> Json:
        """The handover and its bot."""
        query = """
            select h.*, c.bot_status, c.bot_muted_until from support.conversations c
            left join support.handovers h on h.conversation_id = c.id and h.id = coalesce(%s, h.id) where c.id = %s
        """
        [row] = rows(self.connection, query, case.handover, case.conversation)
        return dict(row)

    def events(self, case: Case) -> list[str]:
        """The handover's history."""
        query = "select event from support.handover_events where handover_id = %s order by id"
        return [row["event"] for row in rows(self.connection, query, self.handover_row(case)["id"])]

    def edits(self, case: Case) -> list[Json]:
        """What its card is to become, in order."""
        query = "select payload from platform.outbox where dedup_key like %s order by id"
        return [row["payload"] for row in rows(self.connection, query, f"support/handover/{case.handover}/edit/%")]

    def customer_texts(self, case: Case) -> list[str]:
        """What goes to the person in WhatsApp."""
        query = "select payload from platform.outbox where recipient = %s order by id"
        return [row["payload"]["text"] for row in rows(self.connection, query, case.jid)]

    def topic_notes(self, case: Case) -> list[str]:
        """What is said in the topic."""
        query = """
            select o.payload from platform.outbox o join platform.topics t on t.key = o.topic
            where t.thread_id = %s and o.kind = 'support/in-topic' order by o.id
        """
        return [row["payload"]["text"] for row in rows(self.connection, query, case.thread)]

    def manager_messages(self, case: Case) -> list[Json]:
        """What was written down of what managers said."""
        query = "select * from support.messages where conversation_id = %s and role = 'manager' order by position"
        return rows(self.connection, query, case.conversation)


def toast(answer: httpx.Response) -> str:
    """The text of an answered press, and nothing but that."""
    body = answer.json()
    assert answer.status_code == 200
    assert body.keys() == {"method", "callback_query_id", "text"}
    assert body["method"] == "answerCallbackQuery"
    assert 0 < len(body["text"]) <= 200
    text: str = body["text"]
    return text


def buttons(payload: Json) -> list[str]:
    """The moves that a card offers."""
    return [b["callback_data"].split("/")[1] for row in payload["reply_markup"]["inline_keyboard"] for b in row]
