"""The example school: its people, its bot, and two webhook sources that call the same fields by different names."""

from dataclasses import dataclass

from infra.admin import bots, example_school
from infra.admin.database import Connection
from infra.admin.sources import NewSource
from infra.demo.setup import add_source, set_webhook
from infra.local.keys import GETCOURSE_BOT, Keys
from infra.sandbox.server import SandboxServer
from shared.credentials.account import Account


@dataclass(frozen=True)
class Mentor:
    """A mentor of the school; `chat` is their private chat with the bot."""

    name: str
    getcourse_id: str
    chat: int


@dataclass(frozen=True)
class Student:
    """A student of the school, who answers lessons."""

    name: str
    getcourse_id: str
    email: str


# As infra/admin/example_school.sql has them.
VERA = Mentor("Вера Набатова", "910001", 9900000101)
LEV = Mentor("Лев Перезвонов", "910002", 9900000102)
ZOYA = Mentor("Зоя Благовестова", "910003", 9900000103)
ANNA = Student("Анна Колоколова", "920001", "anna.kolokolova@example.com")
BORIS = Student("Борис Звонарёв", "920002", "boris.zvonarev@example.com")
VIKA = Student("Вика Бубенцова", "920003", "vika.bubentsova@example.com")
GLEB = Student("Глеб Малинин", "920004", "gleb.malinin@example.com")
DINA = Student("Дина Трезвонова", "920005", "dina.trezvonova@example.com")
EGOR = Student("Егор Языков", "920006", "egor.yazykov@example.com")
PRODUCING, RINGING = "930001", "930002"

ADMIN_CHAT = -1900000001  # a plain group: it can be upgraded
LINK = "https://school.example.com/answers/{answer_id}"
BOT = "school"
PROCESS, N8N = "school", "n8n"  # the sources
FIELDS_OF_THE_PROCESS = {"answer_id": "id_otveta", "answer_text": "otvet", "user_id": "id_uchenika"}
GATHERING_SECONDS = 1  # of the source n8n; the process's answers go out at once


def seed(connection: Connection, keys: Keys) -> None:
    """The school, its bot and its sources."""
    process = NewSource(
        "getcourse", PROCESS, field_map=FIELDS_OF_THE_PROCESS, admin_chat=ADMIN_CHAT, link=LINK, collapse=0
    )
    n8n = NewSource("getcourse", N8N, admin_chat=ADMIN_CHAT, link=LINK, collapse=GATHERING_SECONDS)
    account = Account("telegram", keys.getcourse_token)
    bots.add(connection, bots.prepare(BOT, "getcourse", account, keys.secrets_key, alerts=ADMIN_CHAT))
    for source in (process, n8n):
        add_source(connection, source, keys.source_secret)
    example_school.seed(connection)


def connect(sandbox: SandboxServer, keys: Keys, functions_url: str) -> None:
    """The school's people have names, and what they do in their chats comes to telegram_webhook."""
    telegram = sandbox.telegram
    telegram.bot_of(GETCOURSE_BOT).first_name = "Колокольня"
    telegram.configure(ADMIN_CHAT, None, {"title": "Администраторы школы"})
    for mentor in (VERA, LEV, ZOYA):
        telegram.configure(mentor.chat, None, {"title": mentor.name})
    set_webhook(telegram, GETCOURSE_BOT, BOT, keys, functions_url)
