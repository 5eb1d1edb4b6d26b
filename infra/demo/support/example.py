"""The example desk: a hairdresser's WhatsApp accounts, Telegram groups with topics, two managers, and a prompt."""

from dataclasses import dataclass
from pathlib import Path

from infra.admin import bots
from infra.admin.database import Connection
from infra.admin.sources import Gateway, NewSource
from infra.admin.support import desks, prompts, settings
from infra.admin.support.desks import NewDesk
from infra.demo.setup import add_source, set_webhook
from infra.local.keys import SUPPORT_BOT, Keys
from infra.sandbox.server import SandboxServer
from infra.sandbox.telegram.updates import person
from infra.sandbox.whatsapp.models import Webhook
from shared.credentials import secrets
from shared.credentials.account import Account
from shared.credentials.webhook_sources import signing_secret_associated_data


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


@dataclass(frozen=True)
class Branch:
    """A desk behind one of the gateways; `group` is its managers' group in Telegram."""

    name: str
    gateway: Gateway
    account: str  # ours
    source: str
    address: str  # the account's name at the gateway
    group: int
    managers: str


# The story happens in the first; the others are there so that each gateway's webhooks can be tried by hand.
CLOUD, CHATFLOW = "echo-cloud", "echo-chatflow"
BRANCHES = (
    Branch(NAME, "evolution", ACCOUNT, SOURCE, INSTANCE, GROUP, "Менеджеры салона"),
    Branch(f"{NAME}, Cloud API", "whatsapp_cloud", CLOUD, CLOUD, "100100100", GROUP - 1, "Менеджеры · Cloud API"),
    Branch(f"{NAME}, ChatFlow", "chatflow", CHATFLOW, CHATFLOW, "echo-cf", GROUP - 2, "Менеджеры · ChatFlow"),
)
GATHERING_SECONDS = 1
FACTS = Path(__file__).with_name("facts.txt")


def seed(connection: Connection, keys: Keys) -> None:
    """The desks with their bots, sources, settings and prompts."""
    telegram = Account("telegram", keys.support_token)
    bots.add(connection, bots.prepare(BOT, "support", telegram, keys.secrets_key, alerts=GROUP))
    for branch in BRANCHES:
        _seed(connection, keys, branch)
    prompts.replace(connection, "classifier", prompts.example("classifier"))
    prompts.replace(connection, "system_prompt", FACTS.read_text(encoding="utf-8"))
    # The stand-in counts no messages a minute; a group's real pace would make the story three times as long.
    connection.execute("update platform.bots set group_pace = '0.3 seconds' where name = %s", (BOT,))


def connect(sandbox: SandboxServer, keys: Keys, functions_url: str) -> None:
    """What customers write comes to ingest_webhook, what managers do in their group to telegram_webhook."""
    telegram = sandbox.telegram
    telegram.bot_of(SUPPORT_BOT).first_name = "Эхо"
    set_webhook(telegram, SUPPORT_BOT, BOT, keys, functions_url)
    telegram.people |= {manager.telegram_id: person(manager.telegram_id, manager.name) for manager in (ALIYA, TIMUR)}
    staff = (ALIYA.telegram_id, TIMUR.telegram_id)
    for branch in BRANCHES:
        telegram.configure(branch.group, None, {"title": branch.managers, "is_forum": True, "staff": staff})
        query = "" if branch.gateway == "whatsapp_cloud" else f"?secret={keys.source_secret}"
        url = f"{functions_url}/ingest_webhook/whatsapp/{branch.source}{query}"
        webhook = Webhook(gateway=branch.gateway, account=branch.address, url=url, app_secret=keys.source_secret)
        sandbox.whatsapp.register(webhook)


def _seed(connection: Connection, keys: Keys, branch: Branch) -> None:
    account = Account(branch.gateway, keys.source_secret, branch.address)
    bots.add(connection, bots.prepare(branch.account, "support", account, keys.secrets_key))
    place = signing_secret_associated_data(branch.source)
    sealed = secrets.seal(keys.secrets_key, keys.source_secret, place) if branch.gateway == "whatsapp_cloud" else None
    source = NewSource("whatsapp", branch.source, gateway=branch.gateway, signing_secret_sealed=sealed)
    if add_source(connection, source, keys.source_secret):
        desk = NewDesk(branch.name, branch.source, BOT, branch.account, branch.group, owner=OWNER)
        desks.add(connection, desk)
    settings.change(connection, desks.find(connection, branch.name)["id"], {"gather_seconds": GATHERING_SECONDS})
