"""The example beauty salon «Аврора»: what its own bot has written, and who reads about it at breakfast."""

import io
from contextlib import redirect_stdout

from infra.admin.database import connect
from infra.admin.sources import NewSource
from infra.cli.salon import connect as salon_connect
from infra.demo.sources import let_in
from infra.local.keys import SALON_BOT, Keys
from infra.sandbox.server import SandboxServer
from infra.sandbox.telegram.state import Webhook
from shared.credentials.secrets import telegram_webhook_secret
from shared.database import sql

TENANT, NEIGHBOUR = "a0000000-0000-4000-8000-000000000001", "a0000000-0000-4000-8000-000000000002"
SLUG, BOT, SOURCE = "aurora", "salon-aurora", "aurora"
OWNER_CHAT = 9900000301
COMPANY, RECORD = 880001, 7700001  # at YClients

_SQL = sql.load(__file__)


def open_salon(keys: Keys) -> None:
    """Put what the salon's bot would have written into the database of this process's settings; connect the salon."""
    with connect() as connection:
        values = {"tenant": TENANT, "neighbour": NEIGHBOUR, "token": keys.salon_token, "chat": str(OWNER_CHAT)}
        values |= {"company": str(COMPANY), "record": str(RECORD)}
        for block in ("tenants", "people", "sessions", "lately", "history"):
            connection.execute(_SQL[block], values)
        connection.commit()
        let_in(connection, NewSource("yclients", SOURCE, tenant=TENANT), keys.source_secret)
    with redirect_stdout(io.StringIO()):  # what the commands say is meant for people who type them
        salon_connect.connect_tenant(SLUG, digest_hour=0, quiet_from=0, quiet_until=0)


def bring_updates(sandbox: SandboxServer, keys: Keys, functions_url: str) -> None:
    """What the owner presses comes to telegram_webhook; YClients knows a booking."""
    sandbox.telegram.bot_of(SALON_BOT).first_name = "Аврора"
    sandbox.telegram.configure(OWNER_CHAT, None, {"title": "Владелица «Авроры»"})
    secret = telegram_webhook_secret(keys.secrets_key, BOT, version=1)
    sandbox.telegram.bot_of(SALON_BOT).webhook = Webhook(f"{functions_url}/telegram_webhook/{BOT}", secret)
    sandbox.yclients.put(COMPANY, RECORD)
