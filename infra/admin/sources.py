"""The webhook sources: who may call our webhooks. Only the hash of a secret is kept."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal
from urllib.parse import quote

from psycopg import errors
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from infra.admin.database import Connection, fetch, fetch_one
from infra.admin.errors import AdminError
from infra.admin.salon import tenants
from shared import config
from shared.credentials import secrets
from shared.credentials.webhook_sources import signing_secret_associated_data
from shared.database import sql
from shared.getcourse.fields import FIELDS

Provider = Literal["getcourse", "whatsapp", "yclients"]
Gateway = Literal["chatflow", "evolution", "whatsapp_cloud"]
Language = Literal["ru", "en"]
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
MIN_SECRET_LENGTH = 24
SIGNING_GATEWAYS = ("evolution", "whatsapp_cloud")
SIGNING_SECRET = re.compile(r"[!-~]{8,500}")
DEFAULT_COLLAPSE_SECONDS = 3
# What a gateway has to be told to call us with: messages, whether ours arrived, edits, deletions, calls.
EVOLUTION_EVENTS = ("MESSAGES_UPSERT", "MESSAGES_UPDATE", "MESSAGES_EDITED", "MESSAGES_DELETE", "CALL")
CLOUD_FIELDS = ("messages", "smb_message_echoes", "calls")

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class NewSource:
    """A source not stored yet. `collapse` (seconds), `link`, `admin_chat` and `field_map` are of GetCourse only."""

    provider: Provider
    name: str
    gateway: Gateway | None = None
    field_map: Mapping[str, str] = field(default_factory=dict)
    admin_chat: int | None = None
    link: str = ""
    collapse: int | None = None
    tenant: str = ""
    timezone: str = "Europe/Moscow"
    language: Language = "ru"
    bot: str = ""
    signing_secret_sealed: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Address:
    """Where a source calls, and with which secret; `generated` is whether we made it."""

    provider: Provider
    gateway: Gateway | None
    name: str
    secret: str = field(repr=False)
    generated: bool

    @property
    def by_token(self) -> bool:
        """Whether the secret is pasted beside the address: the Cloud API takes an address without a query."""
        return self.gateway == "whatsapp_cloud"

    @property
    def path(self) -> str:
        """What comes after the address of ingest_webhook."""
        path = f"/{self.provider}/{self.name}"
        if self.by_token:
            return path
        return f"{path}?secret={quote(self.secret, safe='') if self.generated else '<your secret>'}"


def check(source: NewSource) -> None:
    """Raises ValueError when a value has not its form, or does not belong to the provider."""
    if not NAME.fullmatch(source.name):
        raise ValueError("a source's name is made of a-z, 0-9, - and _")
    _check_provider(source)
    _check_field_map(source.field_map)
    if source.link and not re.fullmatch(r"https?://[^\s]+", source.link):
        raise ValueError("--link is an address that begins with https://")


def _check_field_map(field_map: Mapping[str, str]) -> None:
    unknown = [(ours, theirs) for ours, theirs in field_map.items() if ours not in FIELDS]
    if unknown:
        ours, theirs = unknown[0]
        turned = f"; ours comes first: --map {theirs}={ours}" if theirs in FIELDS else ""
        raise ValueError(f"--map knows the fields {', '.join(FIELDS)}{turned}")


def _check_provider(source: NewSource) -> None:
    if source.provider == "whatsapp" and not source.gateway:
        raise ValueError("a WhatsApp source needs --gateway: chatflow, evolution or whatsapp_cloud")
    if source.provider != "whatsapp" and source.gateway:
        raise ValueError("--gateway is of WhatsApp sources: carillon sources add whatsapp NAME --gateway …")
    if source.provider == "yclients" and not source.tenant:
        raise ValueError("a YClients source needs --tenant, the salon's slug or id: carillon salon tenants shows them")
    if source.provider != "yclients" and source.tenant:
        raise ValueError("--tenant is of YClients sources: carillon sources add yclients NAME --tenant …")
    options = {
        "--map": source.field_map, "--link": source.link, "--admin-chat": source.admin_chat,
        "--collapse": source.collapse,
    }  # fmt: skip
    given = [option for option, value in options.items() if value not in (None, "", {})]
    if source.provider != "getcourse" and given:
        raise ValueError(f"{', '.join(given)}: of GetCourse sources; leave it out")


def check_signing(gateway: Gateway | None, *, given: bool) -> None:
    """Raises ValueError when a signing secret is missing, or given for a gateway that signs nothing."""
    if not given and gateway == "whatsapp_cloud":
        raise ValueError(
            "the Cloud API signs with your app's secret (App settings → Basic): give it by --signing-secret-stdin"
        )
    if given and gateway not in SIGNING_GATEWAYS:
        raise ValueError(f"--signing-secret-stdin is of the gateways that sign: {', '.join(SIGNING_GATEWAYS)}")


def seal_signing_secret(source: str, value: str) -> bytes:
    """What the gateway of `source` signs with, sealed. Raises ValueError, ConfigError."""
    if not SIGNING_SECRET.fullmatch(value):
        raise ValueError("that is no signing secret: at least 8 characters, no spaces, no letters but Latin")
    return secrets.seal(config.load(names=("secrets_key",)).secrets_key, value, signing_secret_associated_data(source))


def secret_or_new(secret: str = "") -> str:
    """`secret`, or a new one when it is empty. Raises ValueError when it is too weak."""
    if secret and (len(secret) < MIN_SECRET_LENGTH or not secret.isprintable() or " " in secret):
        raise ValueError(f"a secret has at least {MIN_SECRET_LENGTH} characters and no spaces; or let one be made")
    return secret or secrets.new_secret()


def add(connection: Connection, source: NewSource, secret: str) -> None:
    """Let a checked source in with `secret`. Raises AdminError when its name is taken or its bot unknown."""
    with connection.transaction():
        # What the handler knows of a source beside its name: GetCourse's fields, or whose bookings YClients speaks of.
        field_map = {"tenant_id": tenant_id(connection, source.tenant)} if source.tenant else source.field_map
        values = {
            "provider": source.provider, "name": source.name, "field_map": Jsonb(field_map), "gateway": source.gateway,
            "admin_chat": source.admin_chat, "timezone": source.timezone, "link": source.link or None,
            "collapse": DEFAULT_COLLAPSE_SECONDS if source.collapse is None else source.collapse,
            "language": source.language, "signing": source.signing_secret_sealed,
            "bot": bot_id(connection, source.bot),
        }  # fmt: skip
        try:
            number = fetch_one(connection, _SQL["add"], **values)["id"]
        except errors.UniqueViolation:
            raise AdminError(
                f"there is a {source.provider} source {source.name} already",
                f"change it: carillon sources settings {source.name} --provider {source.provider}; "
                f"give it a new secret: carillon sources rotate {source.name} --provider {source.provider}",
            ) from None
        _store_secret(connection, number, 1, secret)


def list_all(connection: Connection) -> list[DictRow]:
    """All sources, without their secrets."""
    return fetch(connection, _SQL["list"])


def gateway_of(connection: Connection, provider: Provider, name: str) -> Gateway | None:
    """The gateway of a source; None when it has none. Raises AdminError when there is no such source."""
    gateway: Gateway | None = _slots(connection, provider, name)[0]["gateway"]
    return gateway


def rotate(connection: Connection, provider: Provider, name: str, secret: str, keep_old_for: timedelta) -> None:
    """Give a source a new secret; the old one stays valid for a while, and a third replaces the oldest.

    Raises AdminError when there is no such source.
    """
    with connection.transaction():
        slots = _slots(connection, provider, name)
        source = slots[0]["source_id"]
        connection.execute(_SQL["retire"], {"source": source, "keep": keep_old_for})
        _store_secret(connection, source, free_slot(slots), secret)


def replace_signing_secret(connection: Connection, provider: Provider, name: str, sealed: bytes) -> None:
    """Replace what a source's gateway signs with, at once. Raises AdminError when there is no such source."""
    with connection.transaction():
        source = _slots(connection, provider, name)[0]["source_id"]
        connection.execute(_SQL["store_signing_secret"], {"source": source, "sealed": sealed})


def free_slot(slots: list[dict[str, Any]]) -> int:
    """Where a new secret goes: an empty slot, else the expired one, else the oldest. `slots` come in that order."""
    taken = {slot["slot"] for slot in slots} - {None}
    return next((slot for slot in (1, 2) if slot not in taken), slots[0]["slot"])


def _slots(connection: Connection, provider: Provider, name: str) -> list[DictRow]:
    slots = fetch(connection, _SQL["slots"], provider=provider, name=name)
    if not slots:
        raise AdminError(f"there is no {provider} source {name}", "look: carillon sources list")
    return slots


def _store_secret(connection: Connection, source: int, slot: int, secret: str) -> None:
    connection.execute(_SQL["store_secret"], {"source": source, "slot": slot, "hash": secrets.hash_secret(secret)})


def bot_id(connection: Connection, name: str | None) -> int | None:
    """The id of the Telegram bot that a source names; None when it names none. Raises AdminError."""
    if not name:
        return None
    found = fetch(connection, _SQL["bot"], name=name)
    if not found:
        raise AdminError(f"there is no bot {name}", "look: carillon bots list")
    if found[0]["channel"] != "telegram":
        raise AdminError(f"{name} is a WhatsApp account and no Telegram bot", "look: carillon bots list")
    return int(found[0]["id"])


def tenant_id(connection: Connection, tenant: str) -> str:
    """The id of the salon with this slug or id. Raises AdminError when there is none."""
    with tenants.as_keeper(connection, read_only=True):
        return str(tenants.find(connection, tenant)["id"])


def parse_field_map(pairs: Sequence[str], *, may_be_empty: bool = False) -> dict[str, str]:
    """FIELD=THEIRS pairs as a mapping; THEIRS `may_be_empty` where a field is mapped no more. Raises ValueError."""
    mapping = {}
    for pair in pairs:
        ours, equals, theirs = pair.partition("=")
        if not equals or not (theirs.strip() or may_be_empty):
            raise ValueError("--map reads FIELD=THEIRS, for example --map answer_text=text")
        mapping[ours] = theirs.strip()
    return mapping
