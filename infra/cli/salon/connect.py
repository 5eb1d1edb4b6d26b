"""`carillon dashboard connect`: a salon's own bot speaks for us. Its token is sealed on the way and never shown."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

import typer
from psycopg import errors
from psycopg.rows import DictRow

from infra.admin.bots import NAME, TOKEN
from infra.admin.database import Connection, connect, fetch, fetch_one
from infra.admin.errors import AdminError
from infra.cli.output import complain, say
from infra.cli.salon import settings as s
from infra.cli.salon.tenants import as_dashboard_role, find, reset_role
from shared import config
from shared.credentials import secrets
from shared.credentials.bots import token_associated_data
from shared.database import sql

EXAMPLES = (
    "Examples: carillon dashboard connect aurora, carillon dashboard connect --all, "
    "carillon dashboard connect aurora --chat -1001234567890 --timezone Asia/Oral --digest-hour 8"
)
CHAT = re.compile(r"-?[1-9][0-9]{0,15}")
BY_HAND = "carillon bots add NAME --system salon --token-stdin, then carillon dashboard settings {slug} --bot NAME"

_SQL = sql.load(__file__)


def connect_tenant(  # noqa: PLR0913 - each is an option
    tenant: Annotated[str, typer.Argument(metavar="[TENANT]", help="The salon's slug or id.")] = "",
    everybody: Annotated[bool, typer.Option("--all", help="All active salons without a bot.")] = False,
    chat_id: s.Chat = None,
    timezone: s.Timezone = None,
    digest_hour: s.DigestHour = None,
    language: s.Language = None,
    low_conversion: s.LowConversion = None,
    high_drop_off: s.HighDropOff = None,
    error_spike: s.ErrorSpike = None,
    stale_hours: s.StaleHours = None,
    minimum_sample: s.MinimumSample = None,
    quiet_from: s.QuietFrom = None,
    quiet_until: s.QuietUntil = None,
) -> None:
    """Take a salon's bot and admin chat from what the salon's bot knows of it, and begin to send digests."""
    given = {name: value for name, value in locals().items() if name in s.OPTIONS and value is not None}
    if bool(tenant) == everybody or (everybody and chat_id is not None):
        raise typer.BadParameter("give one TENANT, or --all and no --chat: each salon has a chat of its own")
    with connect() as connection:
        if not everybody:
            _connect(connection, tenant, given)
            return
        with as_dashboard_role(connection):
            waiting = [row["tenant"] for row in fetch(connection, _SQL["waiting"])]
        failed = [one for one in waiting if not _tried(connection, one, given)]
    say(f"{len(waiting) - len(failed)} of {len(waiting)} salons that waited are connected")
    if failed:
        raise typer.Exit(1)


def _tried(connection: Connection, tenant: str, given: Mapping[str, Any]) -> bool:
    """One broken salon delays nobody."""
    try:
        _connect(connection, tenant, given)
    except AdminError as failure:
        complain(failure.cause, failure.next_step)
        return False
    return True


def _connect(connection: Connection, tenant: str, given: Mapping[str, Any]) -> None:
    """Connect one salon, wholly or not at all. Raises Failure, ConfigError."""
    with as_dashboard_role(connection):
        salon = find(connection, tenant)
        known = fetch_one(connection, _SQL["known"], tenant=salon["id"])
        if not (form := TOKEN.fullmatch(known["token"] or "")):
            what = "telegram_bot_token in its metadata is no bot token" if known["token"] else "no telegram_bot_token"
            raise AdminError(f"{salon['slug']}: {what}",
                          f"let the bot's people correct it; or: {BY_HAND.format(slug=salon['slug'])}")  # fmt: skip
        chat = given.get("chat_id") or _chat(salon, known["chat"])
        bot = _bot(connection, salon, known["token"], int(form[1]))
        s.change(connection, salon, "connect", {**given, "bot_id": bot["id"], "chat_id": chat})
    say(f"✓ {salon['name']} is connected: bot {bot['name']} writes to chat {chat}")


def _chat(salon: DictRow, text: str | None) -> int:
    """A chat's id, which the bot keeps as text. Raises Failure."""
    if not text or not CHAT.fullmatch(text):
        what = "admin_chat_id in its metadata is no chat's id" if text else "no admin_chat_id"
        raise AdminError(
            f"{salon['slug']}: {what}", f"give it: carillon dashboard connect {salon['slug']} --chat -100…"
        )
    return int(text)


def _bot(connection: Connection, salon: DictRow, token: str, telegram_id: int) -> DictRow:
    """The salon's bot, added or with its new token; salons may share one. Raises Failure, ConfigError."""
    same = fetch(connection, _SQL["same_bot"], telegram_id=telegram_id)
    if same and same[0]["system"] != "salon":
        raise AdminError(f"{salon['slug']}: its bot is already {same[0]['name']} of {same[0]['system']}",
                      "a salon's bot is of no other system: look: carillon bots list")  # fmt: skip
    name = same[0]["name"] if same else f"salon-{salon['slug']}"
    if not NAME.fullmatch(name):
        name = f"salon-{salon['id']}"
    sealed = secrets.seal(config.load().secrets_key, token, token_associated_data(name))
    try:
        with reset_role(connection):
            added = fetch(connection, _SQL["add_bot"], name=name, telegram_id=telegram_id, sealed=sealed)
    except errors.UniqueViolation:
        raise AdminError(f"{salon['slug']}: somebody else adds its bot just now", "try again in a moment") from None
    if not added:
        raise AdminError(f"{salon['slug']}: {name} is another bot", f"run: {BY_HAND.format(slug=salon['slug'])}")
    return added[0]
