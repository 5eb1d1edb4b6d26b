"""Doctor: the bots, and who hears of their troubles. Each check returns findings and changes nothing."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from infra.admin.database import Connection, fetch, fetch_one
from infra.admin.doctor.finding import Finding
from infra.admin.doctor.outside.questions import Line, Question
from infra.admin.doctor.outside.telegram_webhook import AREA, webhook
from infra.admin.probes.telegram import call
from infra.admin.probes.whatsapp import UNCHECKABLE, state
from shared import config
from shared.credentials import secrets
from shared.credentials.account import Account
from shared.credentials.bots import token_associated_data
from shared.database import sql
from shared.delivery import alerts as delivery_alerts
from shared.delivery.chat_states import READABLE_STATES
from shared.errors import ConfigError

ADD_BOT = "add one: carillon bots add NAME --system getcourse"

_SQL = sql.load(__file__)
_ALERTS = sql.load(delivery_alerts.__file__)  # the dispatcher's own question, so that the answer is the dispatcher's


def bots(connection: Connection) -> list[Line]:
    """Whether SECRETS_KEY opens each token, and whether Telegram or the gateway takes it."""
    rows = fetch(connection, _SQL["bots"])
    if not rows and not fetch_one(connection, _SQL["learning_alone"])["alone"]:
        return [Finding("warning", AREA, "there are none", ADD_BOT)]
    return [_bot(row) for row in rows]


def _bot(row: dict[str, Any]) -> Line:
    name = row["name"]
    try:
        key = config.load(names=("secrets_key",)).secrets_key
        token = secrets.unseal(key, row["token_sealed"], token_associated_data(name))
    except ConfigError as error:
        cause, _, step = str(error).partition(": ")
        return Finding("problem", AREA, f"{name}: {cause}", step, name)
    if row["status"] == "auth_failed":
        step = f"run: carillon bots check {name}; if it does not help: carillon bots add {name} with a new token"
        return Finding("problem", AREA, f"{name} was refused and is parked", step, name)
    if row["status"] == "paused":
        step = "its messages wait until its status is active"
        return Finding("warning", AREA, f"{name} is paused", step, name)
    unasked = f"{name}: SECRETS_KEY opens its token (nobody was asked)"
    return Question(AREA, name, name, partial(_ask, row, token), unasked)


def _ask(row: dict[str, Any], token: str) -> Finding:
    name = row["name"]
    if row["channel"] != "telegram":
        known = state(Account(row["channel"], token, row["address"]))
        return Finding("ok", AREA, f"{name}: {known or UNCHECKABLE}")
    username = call(token, "getMe").get("username")
    return webhook(row, username, call(token, "getWebhookInfo"))


def alerts(connection: Connection) -> list[Finding]:
    """Whether somebody hears of each bot's troubles."""
    rows = fetch(connection, _SQL["bots"])
    names = {row["id"]: row["name"] for row in rows if not _writes_its_own(row)}
    columns = {"bots": list(names), "classes": ["exhausted"] * len(names), "groups": [None] * len(names)}
    routes = fetch(connection, _ALERTS["alert_routes"], readable=list(READABLE_STATES), **columns)
    findings = list(_unheard([name for bot, name in names.items() if bot not in {row["bot_id"] for row in routes}]))
    return findings or ([Finding("ok", "alerts", "somebody hears of each bot's troubles")] if rows else [])


def _writes_its_own(row: Mapping[str, Any]) -> bool:
    """Its own alert chat comes before all other routes, each of which goes through all bots."""
    return row["channel"] == "telegram" and row["status"] == "active" and row["alert_chat_id"] is not None


def _unheard(names: list[str]) -> Iterator[Finding]:
    for name in names:
        step = f"name a chat: carillon bots add {name} … --alerts CHAT_ID (a group's begins with a minus)"
        yield Finding("warning", "alerts", f"nobody hears of the troubles of bot {name}", step, name)
