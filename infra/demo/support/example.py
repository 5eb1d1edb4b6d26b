"""The example salon: a WhatsApp account, a Telegram group with topics, two managers, and what its bot knows."""

import io
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from infra.admin import bots
from infra.admin.database import connect
from infra.admin.sources import NewSource
from infra.cli.support import clients, prompts, settings
from infra.demo.sources import let_in
from infra.local.keys import DESK_BOT, Keys
from infra.sandbox.server import SandboxServer
from infra.sandbox.telegram.state import Telegram, Webhook
from infra.sandbox.whatsapp.models import Webhook as WhatsAppWebhook
from shared.credentials.secrets import telegram_webhook_secret


@dataclass(frozen=True)
class Person:
    """Somebody who writes to the salon."""

    name: str
    phone: str


@dataclass(frozen=True)
class Manager:
    """Somebody who answers for the salon."""

    name: str
    telegram_id: int


DANA, MARAT, SAULE = (
    Person("Дана Звонкова", "77010000101"),
    Person("Марат Тихонов", "77010000102"),
    Person("Сауле Эхова", "77010000103"),
)
ALIYA, TIMUR = Manager("Алия", 9900000201), Manager("Тимур", 9900000202)

NAME, OWNER = "Салон «Эхо»", "@echo_owner"
BOT, ACCOUNT, SOURCE, INSTANCE = "echo", "echo-whatsapp", "echo", "echo"
GROUP = -1001900000002
GATHERING_SECONDS = 1
FACTS = Path(__file__).with_name("facts.txt")


def open_desk(keys: Keys) -> None:
    """Put the salon into the database of this process's settings. Twice is as good as once."""
    bot = bots.prepare(BOT, "support", keys.desk_token, alerts=GROUP)
    account = bots.prepare(ACCOUNT, "support", keys.source_secret, channel="evolution", address=INSTANCE)
    with connect() as connection:
        bots.add(connection, bot)
        bots.add(connection, account)
        is_new = let_in(connection, NewSource("whatsapp", SOURCE, gateway="evolution"), keys.source_secret)
    with redirect_stdout(io.StringIO()):  # what the commands say is meant for people who type them
        if is_new:
            clients.add_client(NAME, SOURCE, BOT, ACCOUNT, GROUP, owner=OWNER)
        settings.settings(NAME, gather_seconds=GATHERING_SECONDS)
        prompts.prompt("classifier", example=True)
        prompts.prompt("system_prompt", file=FACTS)
    with connect() as connection:
        # The stand-in counts no messages a minute; a group's real pace would make the story three times as long.
        connection.execute("update platform.bots set group_pace = '0.3 seconds' where name = %s", (BOT,))


def introduce(telegram: Telegram) -> None:
    """Give the stand-in's group its name and its topics."""
    telegram.bot_of(DESK_BOT).first_name = "Эхо"
    telegram.configure(GROUP, None, {"title": "Менеджеры салона", "is_forum": True})


def bring_updates(sandbox: SandboxServer, keys: Keys, functions_url: str) -> None:
    """What clients write comes to ingest_webhook, what managers do to telegram_webhook."""
    secret = telegram_webhook_secret(keys.secrets_key, BOT, version=1)
    sandbox.telegram.bot_of(DESK_BOT).webhook = Webhook(f"{functions_url}/telegram_webhook/{BOT}", secret)
    address = f"{functions_url}/ingest_webhook/whatsapp/{SOURCE}?secret={keys.source_secret}"
    sandbox.whatsapp.register(WhatsAppWebhook(gateway="evolution", account=INSTANCE, url=address))
