"""What the examples have in common: a webhook source that may call, a bot whose updates are delivered."""

from datetime import timedelta

from infra.admin import sources
from infra.admin.database import Connection
from infra.admin.errors import AdminError
from infra.admin.sources import NewSource
from infra.local.keys import Keys
from infra.sandbox.telegram.models import Webhook
from infra.sandbox.telegram.state import Telegram
from shared.credentials.secrets import telegram_webhook_secrets

KEEP_OLD_FOR = timedelta(days=1)


def add_source(connection: Connection, source: NewSource, secret: str) -> bool:
    """Add `source` with `secret`, or give it the secret when it is there; whether it is new."""
    try:
        sources.add(connection, source, secret)
    except AdminError:  # it is there; perhaps with the secret of a .carillon/ that was deleted
        sources.rotate(connection, source.provider, source.name, secret, KEEP_OLD_FOR)
        return False
    return True


def gateways(sandbox_url: str) -> dict[str, str]:
    """The settings that send messages to the stand-ins, and never to anybody real."""
    return {
        "TELEGRAM_API_URL": sandbox_url,
        "CHATFLOW_API_URL": f"{sandbox_url}/chatflow",
        "EVOLUTION_API_URL": f"{sandbox_url}/evolution",
        "WHATSAPP_CLOUD_API_URL": f"{sandbox_url}/whatsapp_cloud",
    }


def set_webhook(telegram: Telegram, bot_id: int, bot: str, keys: Keys, functions_url: str) -> None:
    """The updates of `bot` come to telegram_webhook, as after `carillon bots set-webhook`."""
    secret = telegram_webhook_secrets(keys.secrets_key, bot, version=1, age=None)[0]
    telegram.bot_of(bot_id).webhook = Webhook(f"{functions_url}/telegram_webhook/{bot}", secret)
