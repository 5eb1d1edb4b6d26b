"""Doctor: the bots. Each check returns findings and changes nothing."""

from typing import Any

from infra.admin.database import Connection, fetch
from infra.admin.doctor.finding import Finding
from infra.admin.errors import AdminError
from infra.admin.probes.telegram import call
from infra.admin.probes.whatsapp import UNCHECKABLE, state
from shared import config
from shared.credentials import secrets
from shared.credentials.account import Account
from shared.credentials.bots import token_associated_data
from shared.database import sql
from shared.errors import ConfigError

MANY_UPDATES = 100
NEEDS_WEBHOOK = ("courses", "salon", "support")
ADD_BOT = "add one: carillon bots add NAME --system getcourse"

_SQL = sql.load(__file__)


def bots(connection: Connection, *, offline: bool) -> list[Finding]:
    """Whether SECRETS_KEY opens each token, and whether Telegram or the gateway takes it."""
    rows = fetch(connection, _SQL["bots"])
    if not rows:
        return [Finding("warning", "bots", "there are none", ADD_BOT)]
    return [_bot(row, offline=offline) for row in rows]


def _bot(row: dict[str, Any], *, offline: bool) -> Finding:
    name = row["name"]
    try:
        token = secrets.unseal(config.load().secrets_key, row["token_sealed"], token_associated_data(name))
        if row["status"] == "auth_failed":
            step = f"run: carillon bots check {name}; if it does not help: carillon bots add {name} with a new token"
            return Finding("problem", "bots", f"{name} was refused and is parked", step)
        if row["status"] == "paused":
            return Finding("warning", "bots", f"{name} is paused", "its messages wait until its status is active")
        if offline:
            return Finding("ok", "bots", f"{name}: SECRETS_KEY opens its token (nobody was asked)")
        if row["channel"] != "telegram":
            known = state(Account(row["channel"], token, row["address"]))
            return Finding("ok", "bots", f"{name}: {known or UNCHECKABLE}")
        username = call(token, "getMe").get("username")
        return _webhook(row, username, call(token, "getWebhookInfo"))
    except ConfigError as error:
        cause, _, step = str(error).partition(": ")
        return Finding("problem", "bots", f"{name}: {cause}", step)
    except AdminError as failure:
        return Finding("problem", "bots", f"{name}: {failure.cause}", failure.next_step)


def _webhook(row: dict[str, Any], username: str, info: dict[str, Any]) -> Finding:
    who = f"{row['name']} is @{username}"
    fix = f"run: carillon bots set-webhook {row['name']} --url https://…"
    if not info.get("url"):
        if row["system"] in NEEDS_WEBHOOK:
            return Finding("warning", "bots", f"{who}, but hears nothing: no webhook", fix)
        return Finding("ok", "bots", f"{who} and sends (no webhook)")
    if info.get("pending_update_count", 0) >= MANY_UPDATES:
        return Finding(
            "warning",
            "bots",
            f"{who}, but {info['pending_update_count']} updates wait at Telegram",
            "see that telegram_webhook answers",
        )
    return Finding("ok", "bots", f"{who}, its webhook is set")
