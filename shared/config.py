"""The settings that a function names, read from the environment here alone: a wrong model key stops no dispatcher."""

import os
import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from shared import postgres_address as address
from shared import web_address
from shared.errors import ConfigError
from shared.setting import Environ, choice, clean, digit, file, latin, required, seconds

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
MAX_CRON_SECRETS, MIN_CRON_SECRET_LENGTH = 2, 24  # values, characters


class Settings:
    """The settings that were asked for, checked. They stay out of the repr."""

    database_url: str
    database_direct_url: str
    secrets_key: str
    cron_secret: str  # what we call scheduled functions with; empty: nothing
    cron_secrets: tuple[str, ...] | None  # what they take, the newest first; None: the platform vouches for callers
    telegram_api_url: str
    chatflow_api_url: str
    evolution_api_url: str  # empty: there is none
    whatsapp_cloud_api_url: str
    yclients_api_url: str
    yclients_partner_token: str  # empty: bookings are not verified
    telegram_proxy: str  # http, https or socks5; empty: none. So the others, each beside its …_api_url.
    chatflow_proxy: str
    evolution_proxy: str
    whatsapp_cloud_proxy: str
    yclients_proxy: str
    llm_proxy: str
    ca_file: str  # certificates that count beside the world's; empty: none
    media_url: str  # of serve_media; empty: no file passes between WhatsApp and Telegram
    salon_pages_url: str  # of salon_pages; empty: no link to them is made
    telegram_login_url: str
    telegram_login_client_id: str  # empty: nobody signs in to the pages by Telegram
    telegram_login_client_secret: str
    trusted_proxies: int  # how many of ours stand in front, each adding to X-Forwarded-For
    llm_api_url: str  # empty: there is no model
    llm_api_key: str  # empty: the server asks for none
    llm_model: str
    llm_deadline_seconds: float  # wall clock of one answer
    cors_origins: tuple[str, ...]  # whose pages may call from a browser; "*": all
    poke: str
    poke_answers: str  # the same for answer_conversations
    archive_url: str  # where housekeeping puts what it deletes; empty: nowhere
    log_level: str
    otel_exporter_otlp_endpoint: str  # a collector that takes OTLP over HTTP; empty: no traces
    sentry_dsn: str  # empty: errors are in the log alone
    lease_seconds: float  # how long a message is one dispatcher's
    send_deadline_seconds: float  # wall clock of one send

    def __init__(self, values: Mapping[str, Any]) -> None:
        """`values` by the names above."""
        self.__dict__.update(values)

    def __getattr__(self, name: str) -> Any:
        """Raises AttributeError: this one was not asked for."""
        raise AttributeError(f"{name} is not among the settings that were asked for: {', '.join(vars(self))}")

    def __repr__(self) -> str:
        return f"Settings({', '.join(vars(self))})"


def settings(names: Iterable[str]) -> Settings:
    """The settings `names`. Ends the process with a line that names the first one that is missing or malformed."""
    try:
        return load(names=names)
    except ConfigError as error:
        raise SystemExit(f"carillon: {error}") from None


def load(environ: Environ | None = None, names: Iterable[str] | None = None) -> Settings:
    """The settings `names` (all of them unless said) from `environ`, by default the process's. Raises ConfigError."""
    environ = os.environ if environ is None else environ
    return Settings({name: _READERS[name](environ) for name in (_READERS if names is None else names)})


def database_url(environ: Environ) -> str:
    """The database's address, from DATABASE_URL or the source systems' own names. Raises ConfigError."""
    for name in ("DATABASE_URL", "DB_URL"):
        if environ.get(name):
            return _encrypted(environ, name, address.checked(name, environ[name]))
    if environ.get("DB_HOST"):
        return _encrypted(environ, "DB_HOST", _assembled(environ, "DB_", "DB_HOST", "DB_NAME"))
    if environ.get("POSTGRES_HOST_EXTERNAL") or environ.get("POSTGRES_HOST_INTERNAL"):
        host = _postgres_host(environ)
        return _encrypted(environ, host, _assembled(environ, "POSTGRES_", host, "POSTGRES_DB"))
    raise ConfigError("DATABASE_URL is not set: give the Postgres address, postgresql://user:password@host:5432/name")


def direct_database_url(environ: Environ | None = None) -> str:
    """Where migrations go: past the pooler, if there is one. Raises ConfigError."""
    environ = os.environ if environ is None else environ
    direct = environ.get("DATABASE_DIRECT_URL")
    if not direct:
        return database_url(environ)
    return _encrypted(environ, "DATABASE_DIRECT_URL", address.checked("DATABASE_DIRECT_URL", direct))


def database_setting(part: str, environ: Environ | None = None) -> str:
    """The setting that says the database's `part`: host, port, user, password or name. Raises ConfigError."""
    environ = os.environ if environ is None else environ
    url = next((name for name in ("DATABASE_URL", "DB_URL") if environ.get(name)), "")
    if url or not (environ.get("DB_HOST") or environ.get("POSTGRES_USER")):
        return url or "DATABASE_URL"
    if environ.get("DB_HOST"):
        return f"DB_{part.upper()}"
    return {"host": _postgres_host(environ), "name": "POSTGRES_DB"}.get(part, f"POSTGRES_{part.upper()}")


def _in_production(environ: Environ) -> bool:
    return choice(environ, "SERVER_ENV", "dev", ("dev", "prod")) == "prod"


def _postgres_host(environ: Environ) -> str:
    return "POSTGRES_HOST_INTERNAL" if _in_production(environ) else "POSTGRES_HOST_EXTERNAL"


def _encrypted(environ: Environ, name: str, url: str) -> str:
    """The database's address, in production with TLS wanted wherever a public network lies between."""
    return address.encrypted(name, url, environ.get("PGSSLMODE", "")) if _in_production(environ) else url


def _assembled(environ: Environ, prefix: str, host_setting: str, name_setting: str) -> str:
    beside = f"the database's address needs it beside {host_setting}"
    host = required(environ, host_setting, "SERVER_ENV chooses it")
    address.check_host(host_setting, f"{prefix}PORT", host)
    port = environ.get(f"{prefix}PORT") or "5432"
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise ConfigError(f"{prefix}PORT is not a port: write its number, mostly 5432")
    user, name = (required(environ, setting, beside) for setting in (f"{prefix}USER", name_setting))
    return address.assembled(host, port, user, environ.get(f"{prefix}PASSWORD", ""), name)


def _http_url(environ: Environ, name: str, default: str) -> str:
    value, example = clean(environ, name) or default, default or "https://example.com"
    return web_address.checked(name, value, example, in_production=_in_production(environ))


def _optional_url(environ: Environ, name: str) -> str:
    """An address, or nothing."""
    return _http_url(environ, name, "") if environ.get(name) else ""


def _proxy(environ: Environ, name: str) -> str:
    return web_address.checked_proxy(name, clean(environ, name))


def _media_url(environ: Environ) -> str:
    url = _optional_url(environ, "MEDIA_URL")
    if url and not environ.get("SECRETS_KEY"):
        raise ConfigError("MEDIA_URL is set without SECRETS_KEY, which seals its links: set the bots' key, too")
    return url


def _telegram_login(environ: Environ, name: str) -> str:
    if not environ.get("TELEGRAM_LOGIN_CLIENT_ID"):
        return ""
    required(environ, "SALON_PAGES_URL", "TELEGRAM_LOGIN_CLIENT_ID is, and Telegram sends people back there")
    return latin(environ, name) or required(environ, name, "@BotFather shows it beside the client's id")


def _partner_token(environ: Environ) -> str:
    token = latin(environ, "YCLIENTS_PARTNER_TOKEN")
    return "" if token == "-" else token  # noqa: S105 - Secrets Manager holds no empty value


def _llm_model(environ: Environ) -> str:
    return required(environ, "LLM_MODEL", "name one of its models") if _optional_url(environ, "LLM_API_URL") else ""


def _lease_seconds(environ: Environ) -> float:
    lease = seconds(environ, "LEASE_SECONDS", 60.0)
    if lease < 2 * _send_deadline_seconds(environ):  # a slow send would be taken for a dead one, and sent twice
        raise ConfigError("LEASE_SECONDS is less than twice SEND_DEADLINE_SECONDS: raise it, or lower the other")
    return lease


def _send_deadline_seconds(environ: Environ) -> float:
    return seconds(environ, "SEND_DEADLINE_SECONDS", 20.0)


def _poke(environ: Environ, name: str, function: str) -> str:
    value = re.sub("^http:(?=http)", "", clean(environ, name) or "none")
    is_queue = re.fullmatch(
        r"sqs:https?://([\w.-]+\.)?sqs(-fips)?\.[a-z]{2}(-[a-z]+)+-\d+\.[\w.-]+/\d{12}/[\w-]+\.fifo", value
    )
    if value != "none" and not is_queue and not value.startswith(("http://", "https://")):
        raise ConfigError(f"{name} calls nobody: write none, http:<address of {function}> or sqs:<URL of a FIFO queue>")
    if _in_production(environ):
        web_address.check_encrypted(name, value.removeprefix("sqs:"))
    return value


def _cron_secrets(environ: Environ) -> tuple[str, ...] | None:
    """One value; two while it is changed; none, or None where CRON_SECRET_IS_PLATFORM says who vouches."""
    values = tuple(latin(environ, "CRON_SECRET").split(",")) if environ.get("CRON_SECRET") else ()
    if len(values) > MAX_CRON_SECRETS:
        raise ConfigError("CRON_SECRET has more than two values: write the new one, a comma, and the one before")
    if any(len(value) < MIN_CRON_SECRET_LENGTH for value in values):
        cause = f"CRON_SECRET has less than {MIN_CRON_SECRET_LENGTH} characters (a comma parts two values)"
        raise ConfigError(f"{cause}: set a longer random text where the functions run, and in the scheduler")
    vouched = choice(environ, "CRON_SECRET_IS_PLATFORM", "0", ("0", "1")) == "1"
    return None if vouched and not values else values


_READERS: Mapping[str, Callable[[Environ], Any]] = {
    "database_url": database_url,
    "database_direct_url": direct_database_url,
    "secrets_key": lambda environ: environ.get("SECRETS_KEY", ""),
    "cron_secret": lambda environ: next(iter(_cron_secrets(environ) or ()), ""),
    "cron_secrets": _cron_secrets,
    "telegram_api_url": partial(_http_url, name="TELEGRAM_API_URL", default="https://api.telegram.org"),
    "chatflow_api_url": partial(_http_url, name="CHATFLOW_API_URL", default="https://app.chatflow.kz"),
    "whatsapp_cloud_api_url": partial(_http_url, name="WHATSAPP_CLOUD_API_URL", default="https://graph.facebook.com"),
    "yclients_api_url": partial(_http_url, name="YCLIENTS_API_URL", default="https://api.yclients.com/api/v1"),
    "yclients_partner_token": _partner_token,
    **{
        name: partial(_optional_url, name=name.upper())
        for name in ("evolution_api_url", "salon_pages_url", "llm_api_url", "otel_exporter_otlp_endpoint", "sentry_dsn")
    },
    **{
        f"{service}_proxy": partial(_proxy, name=f"{service.upper()}_PROXY")
        for service in ("telegram", "chatflow", "evolution", "whatsapp_cloud", "yclients", "llm")
    },
    "ca_file": partial(file, name="CA_FILE"),
    "media_url": _media_url,
    "telegram_login_url": partial(_http_url, name="TELEGRAM_LOGIN_URL", default="https://oauth.telegram.org"),
    "telegram_login_client_id": partial(_telegram_login, name="TELEGRAM_LOGIN_CLIENT_ID"),
    "telegram_login_client_secret": partial(_telegram_login, name="TELEGRAM_LOGIN_CLIENT_SECRET"),
    "trusted_proxies": partial(digit, name="TRUSTED_PROXIES", counted="proxies of yours stand in front"),
    "llm_api_key": partial(latin, name="LLM_API_KEY"),
    "llm_model": _llm_model,
    "llm_deadline_seconds": partial(seconds, name="LLM_DEADLINE_SECONDS", default=20.0),
    "cors_origins": lambda environ: web_address.origins("CORS_ORIGINS", environ.get("CORS_ORIGINS", "")),
    "archive_url": lambda environ: web_address.checked_bucket("ARCHIVE_URL", clean(environ, "ARCHIVE_URL")),
    "poke": partial(_poke, name="POKE", function="dispatch_notifications"),
    "poke_answers": partial(_poke, name="POKE_ANSWERS", function="answer_conversations"),
    "log_level": partial(choice, name="LOG_LEVEL", default="INFO", allowed=LOG_LEVELS),
    "lease_seconds": _lease_seconds,
    "send_deadline_seconds": _send_deadline_seconds,
}
