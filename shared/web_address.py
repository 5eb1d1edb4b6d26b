"""Addresses of services outside: tokens and secrets travel there."""

import re
from urllib.parse import SplitResult, urlsplit

from shared.errors import ConfigError
from shared.hosts import is_private

_ORIGIN = re.compile(r"https?://[a-z0-9.\-\[\]:]+(:\d+)?")


def checked(setting: str, value: str, example: str, *, in_production: bool) -> str:
    """`value`, an http(s) address, without its last slash. Raises ConfigError."""
    parts = _split(value)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ConfigError(f"{setting} is not an http(s) address: write one like {example}")
    if in_production:
        check_encrypted(setting, value)
    return value.rstrip("/")


def check_encrypted(setting: str, address: str) -> None:
    """Raises ConfigError when `address` is plain http over a public network."""
    parts = _split(address)
    if parts.scheme == "http" and not is_private(parts.hostname or ""):
        cause = f"{setting} begins with http://, and SERVER_ENV is prod"
        raise ConfigError(f"{cause}: write https://, for only this machine and private networks take http there")


def checked_proxy(setting: str, value: str) -> str:
    """`value`, a proxy's address, or nothing. It may hold a password. Raises ConfigError."""
    parts = _split(value)
    if value and (parts.scheme not in ("http", "https", "socks5", "socks5h") or not parts.hostname):
        raise ConfigError(f"{setting} is no proxy: write one like socks5://user:password@proxy.example.com:1080")
    return value


def origins(setting: str, value: str) -> tuple[str, ...]:
    """Origins as browsers name them, a comma between: scheme and host, no path; "*" is all. Raises ConfigError."""
    found = tuple(part.strip() for part in value.split(",") if part.strip())
    if not all(origin == "*" or _ORIGIN.fullmatch(origin) for origin in found):
        raise ConfigError(f"{setting} is no list of origins: it reads https://app.example.com,https://example.com")
    return found


def checked_bucket(setting: str, value: str) -> str:
    """`value`, a bucket of S3's kind with a prefix, or nothing. Raises ConfigError."""
    if value and not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[\w./=-]*)?", value):
        raise ConfigError(f"{setting} is no bucket: write s3://bucket/prefix, or leave it out")
    return value


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:  # a bracket that is never closed
        return urlsplit("")
