"""Settings. The only module that reads the environment (DESIGN: Settings; source 1: .env; source 4: DB_*)."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import quote, urlsplit

from shared.errors import ConfigError

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True)
class Settings:
    """All settings, checked. Secret ones stay out of the repr."""

    database_url: str = field(repr=False)
    database_direct_url: str = field(repr=False)
    secrets_key: str = field(repr=False)
    cron_secret: str = field(repr=False)
    telegram_api_url: str
    chatflow_api_url: str
    evolution_api_url: str  # empty: there is none
    whatsapp_cloud_api_url: str
    yclients_api_url: str
    yclients_partner_token: str = field(repr=False)  # empty: bookings are not verified
    media_url: str  # of serve_media; empty: no file passes between WhatsApp and Telegram
    llm_api_url: str  # empty: there is no model
    llm_api_key: str = field(repr=False)  # empty: the server asks for none
    llm_model: str
    llm_deadline_seconds: float  # wall clock of one answer
    cors_origins: tuple[str, ...]  # whose pages may call from a browser; "*": all
    poke: str
    poke_answers: str  # the same for answer_conversations
    log_level: str
    lease_seconds: float  # how long a message is one dispatcher's
    send_deadline_seconds: float  # wall clock of one send


@cache
def settings() -> Settings:
    """A function's settings, read once, when it starts.

    Stops the process with one line that names the first setting that is missing or malformed.
    """
    try:
        return load()
    except ConfigError as error:
        raise SystemExit(f"carillon: {error}") from None


def direct_database_url() -> str:
    """Where migrations go: past the pooler, if there is one. Raises ConfigError."""
    return os.environ.get("DATABASE_DIRECT_URL") or database_url(os.environ)


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from `environ`, by default the process's. Raises ConfigError."""
    environ = os.environ if environ is None else environ
    url = database_url(environ)
    lease, deadline = _seconds(environ, "LEASE_SECONDS", 60.0), _seconds(environ, "SEND_DEADLINE_SECONDS", 20.0)
    if lease < 2 * deadline:  # a slow send would be taken for a dead one, and sent twice
        raise ConfigError("LEASE_SECONDS is less than twice SEND_DEADLINE_SECONDS")
    llm_url = _http_url(environ, "LLM_API_URL", "") if environ.get("LLM_API_URL") else ""
    partner = _ascii(environ, "YCLIENTS_PARTNER_TOKEN")
    media_url = _http_url(environ, "MEDIA_URL", "") if environ.get("MEDIA_URL") else ""
    if media_url and not environ.get("SECRETS_KEY"):
        raise ConfigError("MEDIA_URL is set, SECRETS_KEY is not, which seals its links")
    return Settings(
        database_url=url,
        database_direct_url=environ.get("DATABASE_DIRECT_URL") or url,
        secrets_key=environ.get("SECRETS_KEY", ""),
        cron_secret=_clean(environ, "CRON_SECRET"),
        telegram_api_url=_http_url(environ, "TELEGRAM_API_URL", "https://api.telegram.org"),
        chatflow_api_url=_http_url(environ, "CHATFLOW_API_URL", "https://app.chatflow.kz"),
        evolution_api_url=_http_url(environ, "EVOLUTION_API_URL", "") if environ.get("EVOLUTION_API_URL") else "",
        whatsapp_cloud_api_url=_http_url(environ, "WHATSAPP_CLOUD_API_URL", "https://graph.facebook.com"),
        yclients_api_url=_http_url(environ, "YCLIENTS_API_URL", "https://api.yclients.com/api/v1"),
        yclients_partner_token=partner if partner != "-" else "",  # Secrets Manager holds no empty value
        media_url=media_url,
        llm_api_url=llm_url,
        llm_api_key=_ascii(environ, "LLM_API_KEY"),
        llm_model=_required(environ, "LLM_MODEL") if llm_url else "",
        llm_deadline_seconds=_seconds(environ, "LLM_DEADLINE_SECONDS", 20.0),
        cors_origins=_origins(environ),
        poke=_poke(environ, "POKE", "dispatch_notifications"),
        poke_answers=_poke(environ, "POKE_ANSWERS", "answer_conversations"),
        log_level=_choice(environ, "LOG_LEVEL", "INFO", LOG_LEVELS),
        lease_seconds=lease,
        send_deadline_seconds=deadline,
    )


def database_url(environ: Mapping[str, str]) -> str:
    """The database's address, from DATABASE_URL or the source systems' own names. Raises ConfigError."""
    for name in ("DATABASE_URL", "DB_URL"):
        if environ.get(name):
            return _postgres_url(name, environ[name])
    if environ.get("DB_HOST"):
        return _assembled(environ, "DB_", environ["DB_HOST"], "DB_NAME")
    if environ.get("POSTGRES_HOST_EXTERNAL") or environ.get("POSTGRES_HOST_INTERNAL"):
        server = _choice(environ, "SERVER_ENV", "dev", ("dev", "prod"))
        host_setting = "POSTGRES_HOST_INTERNAL" if server == "prod" else "POSTGRES_HOST_EXTERNAL"
        return _assembled(environ, "POSTGRES_", _required(environ, host_setting), "POSTGRES_DB")
    raise ConfigError("DATABASE_URL is not set: give the Postgres address, postgresql://user:password@host:5432/name")


def sqlalchemy_url(url: str) -> str:
    """The same address in the spelling that makes SQLAlchemy use psycopg 3."""
    return "postgresql+psycopg://" + url.split("://", 1)[1]


def _assembled(environ: Mapping[str, str], prefix: str, host: str, name_setting: str) -> str:
    user = quote(_required(environ, f"{prefix}USER"), safe="")
    password = quote(environ.get(f"{prefix}PASSWORD", ""), safe="")
    port = environ.get(f"{prefix}PORT", "5432")
    if not port.isdecimal():
        raise ConfigError(f"{prefix}PORT is not a number")
    name = quote(_required(environ, name_setting), safe="")
    if host.startswith("/"):  # the folder of a socket
        return f"postgresql://{user}:{password}@/{name}?host={quote(host, safe='/')}&port={port}"
    return f"postgresql://{user}:{password}@{host}:{port}/{name}"


def _postgres_url(name: str, value: str) -> str:
    value = value.strip().replace("postgresql+psycopg://", "postgresql://", 1)
    value = value.replace("postgres://", "postgresql://", 1)
    authority = value.removeprefix("postgresql://").split("/", 1)[0]
    hosts = authority.rpartition("@")[2].split(",")
    if authority.count("@") > 1 or not all(re.fullmatch(r"(\[[^\]]*\]|[^:\[\]]*)(:\d*)?", host) for host in hosts):
        raise ConfigError(
            f"{name} has an unescaped @, colon or slash in its user or password: write %40, %3A or %2F instead"
        )
    if not value.startswith("postgresql://") or any(c.isspace() for c in value):
        raise ConfigError(f"{name} is not a Postgres address: it reads postgresql://user:password@host:5432/name")
    return value


def _required(environ: Mapping[str, str], name: str) -> str:
    value = _clean(environ, name)
    if not value:
        raise ConfigError(f"{name} is not set")
    return value


def _clean(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "")
    if any(c.isspace() or not c.isprintable() for c in value):
        raise ConfigError(f"{name} has a space or a line break in it: set it again, without quotes")
    return value


def _http_url(environ: Mapping[str, str], name: str, default: str) -> str:
    value = _clean(environ, name) or default
    try:
        parts = urlsplit(value)
    except ValueError:  # a bracket that is never closed
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ConfigError(f"{name} is not an http(s) address")
    return value.rstrip("/")


def _origins(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Origins as browsers name them: scheme and host, no path."""
    origins = tuple(one.strip() for one in environ.get("CORS_ORIGINS", "").split(",") if one.strip())
    if not all(one == "*" or re.fullmatch(r"https?://[a-z0-9.\-\[\]:]+(:\d+)?", one) for one in origins):
        raise ConfigError("CORS_ORIGINS is no list of origins: it reads https://app.example.com,https://example.com")
    return origins


def _ascii(environ: Mapping[str, str], name: str) -> str:
    value = _clean(environ, name)
    if not value.isascii():  # a header could not carry it
        raise ConfigError(f"{name} has a letter in it that is not Latin: copy it again")
    return value


def _poke(environ: Mapping[str, str], name: str, function: str) -> str:
    value = _clean(environ, name) or "none"
    if value == "none" or value.startswith(("http:http://", "http:https://", "http://", "https://")):
        return value.removeprefix("http:") if value.startswith("http:http") else value
    if re.fullmatch(
        r"sqs:https?://([\w.-]+\.)?sqs(-fips)?\.[a-z]{2}(-[a-z]+)+-\d+\.[\w.-]+/\d{12}/[\w-]+\.fifo", value
    ):
        return value
    raise ConfigError(f"{name} is neither none, http:<address of {function}> nor sqs:<URL of a FIFO queue>")


def _seconds(environ: Mapping[str, str], name: str, default: float) -> float:
    value = _clean(environ, name) or str(default)
    try:
        seconds = float(value)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 3600:
        raise ConfigError(f"{name} is not a number of seconds")
    return seconds


def _choice(environ: Mapping[str, str], name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = environ.get(name) or default
    if value not in allowed:
        raise ConfigError(f"{name} is none of {', '.join(allowed)}")
    return value
