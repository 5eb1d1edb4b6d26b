"""The example beauty salon «Аврора»: what its own bot has written, and the owner who reads the digest."""

from infra.admin.database import Connection
from infra.admin.salon.connect import connect_tenant
from infra.admin.sources import NewSource
from infra.demo.setup import add_source, set_webhook
from infra.local.keys import SALON_BOT, Keys
from infra.sandbox.server import SandboxServer
from shared.database import sql

TENANT, NEIGHBOUR = "a0000000-0000-4000-8000-000000000001", "a0000000-0000-4000-8000-000000000002"
SLUG, BOT, SOURCE = "aurora", "salon-aurora", "aurora"
OWNER_CHAT = 9900000301
OWNER = "Аврора Зорина"
COMPANY, RECORD = 880001, 7700001  # at YClients

_SQL = sql.load(__file__)


def seed(connection: Connection, keys: Keys) -> None:
    """The salon as its own bot would have written it, connected, and a source for YClients."""
    values = {
        "tenant": TENANT, "neighbour": NEIGHBOUR, "token": keys.salon_token, "chat": str(OWNER_CHAT),
        "company": str(COMPANY), "record": str(RECORD),
    }  # fmt: skip
    for block in ("tenants", "people", "sessions", "lately", "history"):
        connection.execute(_SQL[block], values)
    add_source(connection, NewSource("yclients", SOURCE, tenant=TENANT), keys.source_secret)
    given = {"digest_hour": 0, "quiet_from": 0, "quiet_until": 0}
    connect_tenant(connection, SLUG, given, keys.secrets_key)
    connection.execute(_SQL["owner"], {"tenant": TENANT, "chat": OWNER_CHAT})


def connect(sandbox: SandboxServer, keys: Keys, functions_url: str) -> None:
    """What the owner presses comes to telegram_webhook; YClients knows a booking."""
    sandbox.telegram.bot_of(SALON_BOT).first_name = "Аврора"
    sandbox.telegram.configure(OWNER_CHAT, None, {"title": "Владелица «Авроры»"})
    set_webhook(sandbox.telegram, SALON_BOT, BOT, keys, functions_url)
    sandbox.yclients.put(COMPANY, RECORD)
