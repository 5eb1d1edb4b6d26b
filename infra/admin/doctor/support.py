"""Doctor: the support desks. Each check returns findings and changes nothing."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from infra.admin.database import Connection, fetch
from infra.admin.doctor.finding import Finding
from infra.admin.doctor.outside.model import model
from infra.admin.doctor.outside.questions import Line, Question
from infra.admin.probes.telegram import Refused, call
from infra.admin.probes.whatsapp import UNCHECKABLE, missing_events, state
from shared import config
from shared.credentials import secrets
from shared.credentials.account import Account
from shared.credentials.bots import token_associated_data
from shared.database import sql
from shared.errors import ConfigError
from shared.payload import timezones
from shared.support import escalation, working_time

AREA = "support"
# What a desk must have: the column, its name for people, the command that sets it.
NEEDED = (
    ("source", "WhatsApp source", "carillon sources add whatsapp NAME, then set it as source_id of the client"),
    ("whatsapp_bot", "WhatsApp account", "carillon support settings '{client}' --whatsapp-bot BOT"),
    ("telegram_bot", "Telegram bot", "carillon support settings '{client}' --telegram-bot BOT"),
    ("chat", "managers' group", "carillon support settings '{client}' --chat -100…"),
)

NEAR = 0.8  # of a budget: soon people answer
MAX_ATTEMPTS = 4  # three that failed, and the one that calls a person

_SQL = sql.load(__file__)


def desks(connection: Connection) -> list[Line]:
    """Each active desk: settings, the managers' group, the gateway; and the model's prompts."""
    rows = fetch(connection, _SQL["desks"], near=NEAR, attempts=MAX_ATTEMPTS)
    findings = [line for row in rows for line in _desk(row)]
    return findings + list(_model(rows)) if rows else []


def _desk(row: Mapping[str, Any]) -> Iterator[Line]:
    client = row["client"]
    settings = [replace(finding, subject=client) for finding in _settings(row)]
    yield from settings or [Finding("ok", AREA, f"{client} has all its settings", subject=client)]
    yield from _bounds(row)
    if row["telegram_bot"] and row["chat"]:
        yield _probe(row, "telegram", _group)
    if row["whatsapp_bot"]:
        yield _probe(row, "whatsapp", _gateway)


def _settings(row: Mapping[str, Any]) -> Iterator[Finding]:
    """What is missing, or was written into the table by hand and cannot be."""
    client = row["client"]
    for column, name, step in NEEDED:
        if not row[column]:
            yield Finding("problem", AREA, f"{client} has no {name}", f"run: {step.format(client=client)}")
    if row["gateway"] and row["whatsapp_channel"] and row["gateway"] != row["whatsapp_channel"]:
        yield Finding(
            "warning",
            AREA,
            f"{client} hears through {row['gateway']} and answers through {row['whatsapp_channel']}",
            "see that both are the same number",
        )
    if row["unknown_zone"] is not None:
        yield Finding(
            "problem",
            AREA,
            f"{client} has an unknown time zone, {row['unknown_zone']!r}; {timezones.OF_DESKS} stands in for it",
            f"run: carillon support settings '{client}' --timezone {timezones.OF_DESKS}, or whichever is theirs",
        )
    try:
        escalation.check_keywords(row["keywords"] or ())
        zone = timezones.known(row["timezone"] or "", timezones.OF_DESKS)
        working_time.parse(zone, row["working_hours"], row["holidays"] or ())
    except ValueError as error:
        yield Finding("problem", AREA, f"{client}: {error}", f"correct it: carillon support settings '{client}'")


def _bounds(row: Mapping[str, Any]) -> Iterator[Finding]:
    """Budgets that are nearly used up, and conversations that cannot even be handed over."""
    client, used, budget = row["client"], row["tokens"], row["daily_tokens"]
    settings = f"carillon support settings '{client}'"
    if budget is not None and used and used >= NEAR * budget:
        near = f"{client} has used about {used} of {budget} tokens of the model today; beyond them people answer"
        yield Finding("warning", AREA, near, f"wait for midnight, UTC, or: {settings} --daily-tokens N", client)
    if row["customers"]:
        their = f"their {row['customer_daily_tokens']} tokens of the model today"
        near = f"{client}: customers who have used nearly all of {their}: {row['customers']}"
        step = f"wait for midnight, UTC, or: {settings} --customer-daily-tokens N"
        yield Finding("warning", AREA, near, step, client)
    if row["failing"]:
        stuck = f"{client}: conversations that fail again and again, as does calling a person: {row['failing']}"
        yield Finding(
            "problem", AREA, stuck, "look for conversation_failed in the logs of answer_conversations", client
        )


def _probe(row: Mapping[str, Any], channel: str, probe: Callable[[Mapping[str, Any], str], Finding]) -> Line:
    """What `probe` finds, which is called with the token of the desk's bot for `channel`."""
    bot = row[f"{channel}_bot"]
    try:
        key = config.load(names=("secrets_key",)).secrets_key
        token = secrets.unseal(key, row[f"{channel}_token"], token_associated_data(bot))
    except ConfigError as error:
        cause, _, step = str(error).partition(": ")
        return Finding("problem", AREA, f"{row['client']}: bot {bot}: {cause}", step, row["client"])
    return Question(AREA, row["client"], f"{row['client']}: bot {bot}", partial(probe, row, token))


def _group(row: Mapping[str, Any], token: str) -> Finding:
    """Whether the bot can open topics in the managers' group."""
    chat, who = int(row["chat"]), f"{row['client']}: group {row['chat']}"
    try:
        is_forum = call(token, "getChat", chat_id=chat).get("is_forum")
        member = call(token, "getChatMember", chat_id=chat, user_id=row["telegram_id"])
    except Refused as refusal:
        step = f"add bot {row['telegram_bot']} to it, or correct its id: carillon support settings '{row['client']}'"
        return Finding("problem", AREA, f"{who}: bot {row['telegram_bot']}: {refusal.cause}", step)
    if not is_forum:
        return Finding("problem", AREA, f"{who} has no topics", "turn on Topics in the group's settings")
    if member.get("status") != "administrator":
        step = f"make bot {row['telegram_bot']} an administrator of the group, with the right to manage topics"
        return Finding("problem", AREA, f"{who}: bot {row['telegram_bot']} is no administrator", step)
    if not member.get("can_manage_topics"):
        step = "give it the right to manage topics in the group's list of administrators"
        return Finding("problem", AREA, f"{who}: bot {row['telegram_bot']} may not manage topics", step)
    return Finding("ok", AREA, f"{who} is a forum, and bot {row['telegram_bot']} manages its topics")


def _gateway(row: Mapping[str, Any], token: str) -> Finding:
    """Whether the gateway of the desk's account can be reached, knows it, and brings what we need."""
    account = Account(row["whatsapp_channel"], token, row["address"])
    known = state(account)
    if missing := missing_events(account):
        finding = f"{row['client']}: the webhook of instance {row['address']} does not bring {', '.join(missing)}"
        step = "switch them on in the Evolution API's manager: Events → Webhook"
        return Finding("warning", AREA, finding, step)
    return Finding("ok", AREA, f"{row['client']} writes as {row['whatsapp_bot']}: {known or UNCHECKABLE}")


def _model(rows: list[Any]) -> Iterator[Line]:
    """Whether there is a model, and a prompt of each kind for every desk."""
    if not config.load(names=("llm_api_url",)).llm_api_url:
        yield Finding("ok", AREA, "there is no model: keywords and handovers only (LLM_API_URL is empty)")
        return
    missing = [(row["client"], name) for row in rows for name in ("system_prompt", "classifier") if not row[name]]
    for client, name in missing:
        step = f"begin with: carillon support prompt {name} --example"
        yield Finding("warning", AREA, f"{client}: there is a model, but no active {name}", step, client)
    if not missing:
        yield Finding("ok", AREA, "there is a model, and every client has its prompts")
    yield model(AREA)
