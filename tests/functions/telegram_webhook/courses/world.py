"""A school's bot: people who write and press in it, and what they are shown."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import psycopg
from psycopg.rows import DictRow

from tests.conftest import rows
from tests.functions.telegram_webhook.support.world import secret
from tests.helpers import arrange
from tests.helpers.redelivery import redelivered

Json = dict[str, Any]

BOT = "course-tg"
TOKEN = "7003000001:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
PURPOSES = ("processing", "mailings")


def _noon(now: datetime) -> ZoneInfo:
    """The zone in which it is about noon: no test runs over midnight there."""
    hours = 12 - now.hour  # to the east
    return ZoneInfo(f"Etc/GMT{-hours:+}" if hours else "Etc/GMT")


NOON = _noon(datetime.now(UTC))
TODAY = datetime.now(NOON).date()


@dataclass(frozen=True)
class Somebody:
    """A Telegram account, and whose it is in the school."""

    telegram_id: int
    user: int | None = None


@dataclass
class School:
    """The school's tables and its bot."""

    connection: psycopg.Connection[DictRow]
    url: str
    bot: int = 0
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.bot = arrange.bot(self.connection, BOT, TOKEN, system="courses", private_pace="0")
        self.insert("school", returning="bot_id", name="Школа <Свет>", bot_id=self.bot, timezone=NOON.key)
        for purpose in PURPOSES:
            self.consent_text(purpose, 1)

    def insert(self, table: str, returning: str = "id", **values: Any) -> int:
        """A row of the schema; its id."""
        names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
        statement = f"insert into courses.{table} ({names}) values ({marks}) returning {returning}"
        [row] = rows(self.connection, statement, *values.values())
        return int(row[returning])

    def consent_text(self, purpose: str, version: int) -> None:
        """A text that people are asked to agree to."""
        texts = {"text_ru": f"Согласие {version} & подробности", "text_en": f"Consent {version} & details"}
        self.insert("consent_texts", returning="version", purpose=purpose, version=version, **texts)

    def stranger(self) -> Somebody:
        """An account that the school has not seen."""
        return Somebody(7_300_000_000 + next(self.numbers))

    def person(self, role: str = "user", *, agreed: bool = True, **columns: Any) -> Somebody:
        """Somebody of the school with an account."""
        telegram_id = self.stranger().telegram_id
        values = {"full_name": f"Ким Анна {telegram_id}", "telegram_id": telegram_id, "role": role, **columns}
        found = Somebody(telegram_id, self.insert("users", **values))
        if agreed:
            self.agree(found)
        return found

    def participant(self, cohort: int | None = None, stream: int | None = None, **columns: Any) -> Somebody:
        """A participant of a cohort and a stream."""
        found = self.person(**columns)
        self.insert("participants", user_id=found.user, cohort_id=cohort, stream_id=stream)
        return found

    def agree(self, somebody: Somebody, version: int = 1) -> None:
        """Note that somebody has said yes to both."""
        for purpose in PURPOSES:
            self.insert("consents", telegram_id=somebody.telegram_id, purpose=purpose, version=version)

    def consents(self, somebody: Somebody) -> list[tuple[str, int, bool]]:
        """Purpose, version and whether it is in force, in order."""
        query = """select purpose::text, version, withdrawn_at is null as valid
                   from courses.consents where telegram_id = %s order by id"""
        found = rows(self.connection, query, somebody.telegram_id)
        return [(row["purpose"], row["version"], row["valid"]) for row in found]

    # What people do ----------------------------------------------------------------------------------------

    def write(self, by: Somebody, text: str = "", *, number: int | None = None, **content: Any) -> None:
        """A private message; nothing is answered to it in the response."""
        number = number or next(self.numbers)
        chat = {"id": by.telegram_id, "type": "private"}
        message = {"message_id": number, "date": 1_770_000_000, "chat": chat, "from": self.account(by), **content}
        message |= {"text": text} if text else {}
        answer = self.post({"update_id": 970_000_000 + number, "message": message})
        assert (answer.status_code, answer.text) == (200, "{}")

    def press(self, by: Somebody, data: object, message: int | None = 500, **how: Any) -> str:
        """Press a button with these data in a message, or in one that Telegram does not name; the toast."""
        return toast(self.post(self.press_update(by, data, message, **how)))

    def press_update(
        self, by: Somebody, data: object, message: int | None = 500, chat: int | None = None, date: int = 1_770_000_000
    ) -> Json:
        """The update of a press."""
        number = next(self.numbers)
        query: Json = {"id": str(6 * 10**18 + number), "from": self.account(by), "chat_instance": "-9", "data": data}
        if message is None:
            query["inline_message_id"] = f"AAA{number}"
        else:
            query["message"] = {"message_id": message, "date": date, "chat": {"id": chat or by.telegram_id}}
        return {"update_id": 970_000_000 + number, "callback_query": query}

    def post(self, update: Json, bot: str = BOT) -> httpx.Response:
        """Call the webhook as Telegram does."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret(bot), "Content-Type": "application/json"}
        with httpx.Client(base_url=self.url, trust_env=False, timeout=120) as client:
            return redelivered(lambda: client.post(f"/{bot}", content=json.dumps(update), headers=headers))

    @staticmethod
    def account(somebody: Somebody) -> Json:
        """An account as updates name it."""
        return {"id": somebody.telegram_id, "is_bot": False, "first_name": "Анна", "username": "anna_kim"}

    # What came of it ---------------------------------------------------------------------------------------

    def messages(self, to: Somebody) -> list[DictRow]:
        """All that goes to somebody, in order."""
        query = "select kind, method, payload from platform.outbox where chat_id = %s order by id"
        return rows(self.connection, query, to.telegram_id)

    def shown(self, to: Somebody) -> str:
        """The text of the last screen."""
        text: str = self.messages(to)[-1]["payload"]["text"]
        return text

    def buttons(self, to: Somebody) -> dict[str, str]:
        """The buttons of the last screen: data by text."""
        keyboard = self.messages(to)[-1]["payload"]["reply_markup"]["inline_keyboard"]
        return {button["text"]: button["callback_data"] for row in keyboard for button in row}

    def dialog(self, of: Somebody) -> DictRow:
        """Where somebody is."""
        [row] = rows(self.connection, "select * from courses.dialogs where telegram_id = %s", of.telegram_id)
        found: DictRow = row
        return found


def toast(answer: httpx.Response) -> str:
    """The text of an answered press, and nothing but that."""
    body = answer.json()
    assert answer.status_code == 200
    assert body.keys() == {"method", "callback_query_id", "text"}
    assert body["method"] == "answerCallbackQuery"
    assert len(body["text"]) <= 200
    text: str = body["text"]
    return text
