"""The example desk: a hairdresser's WhatsApp account, a Telegram group with topics, two managers, and a prompt."""

from dataclasses import dataclass
from pathlib import Path

from infra.admin import bots
from infra.admin.database import Connection
from infra.admin.sources import NewSource
from infra.admin.support import desks, prompts, settings
from infra.admin.support.desks import NewDesk
from infra.demo.setup import add_source, set_webhook
from infra.local.keys import SUPPORT_BOT, Keys
from infra.sandbox.server import SandboxServer
from infra.sandbox.whatsapp.models import Webhook
from shared.credentials.account import Account


@dataclass(frozen=True)
class Customer:
    """A customer who writes to the desk."""

    name: str
    phone: str


@dataclass(frozen=True)
class Manager:
    """A manager who answers customers."""

    name: str
    telegram_id: int


DANA, MARAT, SAULE, ERLAN = (
    Customer("Дана Звонкова", "77010000101"),
    Customer("Марат Тихонов", "77010000102"),
    Customer("Сауле Эхова", "77010000103"),
    Customer("Ерлан Гудков", "77010000105"),
)
ALIYA, TIMUR = Manager("Алия", 9900000201), Manager("Тимур", 9900000202)

NAME, OWNER = "Салон «Эхо»", "@echo_owner"
BOT, ACCOUNT, SOURCE, INSTANCE = "echo", "echo-whatsapp", "echo", "echo"
GROUP = -1001900000002
GATHERING_SECONDS = 1
FACTS = Path(__file__).with_name("facts.txt")


def seed(connection: Connection, keys: Keys) -> None:
    """The desk with its bots, source, settings and prompts."""
    telegram = Account("telegram", keys.support_token)
    whatsapp = Account("evolution", keys.source_secret, INSTANCE)
    bots.add(connection, bots.prepare(BOT, "support", telegram, keys.secrets_key, alerts=GROUP))
    bots.add(connection, bots.prepare(ACCOUNT, "support", whatsapp, keys.secrets_key))
    if add_source(connection, NewSource("whatsapp", SOURCE, gateway="evolution"), keys.source_secret):
        desks.add(connection, NewDesk(NAME, SOURCE, BOT, ACCOUNT, GROUP, owner=OWNER))
    settings.change(connection, desks.find(connection, NAME)["id"], {"gather_seconds": GATHERING_SECONDS})
    prompts.replace(connection, "classifier", prompts.example("classifier"))
    prompts.replace(connection, "system_prompt", FACTS.read_text(encoding="utf-8"))
    # The stand-in counts no messages a minute; a group's real pace would make the story three times as long.
    connection.execute("update platform.bots set group_pace = '0.3 seconds' where name = %s", (BOT,))


def connect(sandbox: SandboxServer, keys: Keys, functions_url: str) -> None:
    """What customers write comes to ingest_webhook, what managers do in their group to telegram_webhook."""
    telegram = sandbox.telegram
    telegram.bot_of(SUPPORT_BOT).first_name = "Эхо"
    telegram.configure(GROUP, None, {"title": "Менеджеры салона", "is_forum": True})
    set_webhook(telegram, SUPPORT_BOT, BOT, keys, functions_url)
    address = f"{functions_url}/ingest_webhook/whatsapp/{SOURCE}?secret={keys.source_secret}"
    sandbox.whatsapp.register(Webhook(gateway="evolution", account=INSTANCE, url=address))
