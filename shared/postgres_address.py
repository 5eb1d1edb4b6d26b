"""The database's address: checked as people write it, or put together from its parts.

Whatever can be read in one way only is read so. Errors name the setting and the character, never a value.
"""

import ipaddress
import re
from urllib.parse import parse_qs, quote, unquote

from shared.errors import ConfigError
from shared.hosts import is_private

FORM = "write postgresql://user:password@host:5432/name"

_SCHEME = re.compile(r"postgres(ql)?(\+\w+)?", re.IGNORECASE)
# Where nothing in front of the host needs an escape; an @ in the query is nobody's password.
_PLAIN = re.compile(r"(?:[^@/?#]*@)?[^@/?#]*(?:/[^@?#]*)?(?:\?(?:\w+=.*)?)?")
_HOST = re.compile(r"(\[[^\]]*\]|[^:\[\]]*)(:\d*)?")
_HARMLESS = {"#": "%23", "?": "%3F"}  # libpq takes them as they are, others do not
_ESCAPES = {"@": "%40", "/": "%2F"}
_MAY_BE_PLAIN = ("disable", "allow", "prefer")  # libpq's own choice is the last


def checked(setting: str, value: str) -> str:
    """`value`, an address in any usual spelling, as libpq reads it. Raises ConfigError."""
    value = value.strip()
    if value[:1] in ("'", '"'):
        raise ConfigError(f"{setting} has quotes around it: write it without them")
    scheme, separator, rest = value.partition("://")
    if not separator or not _SCHEME.fullmatch(scheme):
        raise ConfigError(f"{setting} is not a Postgres address: {FORM}")
    if any(c.isspace() or not c.isprintable() for c in rest):
        raise ConfigError(f"{setting} has a space or a line break in it: a space of a password is written %20")
    if not _PLAIN.fullmatch(rest):
        rest = _escaped(setting, rest)
    credentials, at, location = rest.partition("@") if "@" in re.split(r"[/?]", rest)[0] else ("", "", rest)
    if re.search(r"%(?![0-9A-Fa-f]{2})", credentials):
        raise ConfigError(f"{setting} has an unescaped % in its user or password: write %25 instead")
    if not all(_HOST.fullmatch(host) for host in re.split(r"[/?]", location)[0].split(",")):
        raise ConfigError(f"{setting} has a host or a port that cannot be read: {FORM}")
    return f"postgresql://{credentials}{at}{location}"


def _escaped(setting: str, rest: str) -> str:
    """`rest` with its user and password escaped, where they end at the last @. Raises ConfigError."""
    credentials, at, location = rest.rpartition("@")
    if not at:
        raise ConfigError(f"{setting} is not a Postgres address: {FORM}")
    for character, escape in _ESCAPES.items():
        if character in credentials:
            raise ConfigError(f"{setting} has an unescaped {character} in its user or password: write {escape} instead")
    for character, escape in _HARMLESS.items():
        credentials = credentials.replace(character, escape)
    return f"{credentials}@{location}"


def assembled(host: str, port: str, user: str, password: str, name: str) -> str:
    """The address of these parts, whatever characters they hold; a `host` that is a folder holds a socket."""
    login, database = f"{quote(user, safe='')}:{quote(password, safe='')}", quote(name, safe="")
    if host.startswith("/"):
        return f"postgresql://{login}@/{database}?host={quote(host, safe='/')}&port={port}"
    return f"postgresql://{login}@{_bracketed(host)}:{port}/{database}"


def encrypted(setting: str, url: str, sslmode: str) -> str:
    """The checked `url`, with TLS required if it has a host on a public network and says nothing of it.

    `sslmode` is what libpq takes for an address that says nothing: PGSSLMODE, or empty. Raises ConfigError when the
    one or the other lets passwords and rows travel in clear.
    """
    authority, _, query = re.sub(r"^postgresql://([^/?]*)(/[^?]*)?", r"\1", url).partition("?")
    said = parse_qs(query)
    listed = said.get("host") or [re.sub(r":\d*(?=,|$)", "", authority.rpartition("@")[2])]
    hosts = [unquote(host).strip("[]") for name in (*listed, *said.get("hostaddr", [])) for host in name.split(",")]
    if all(not host or host[0] in "/@" or is_private(host) for host in hosts):  # empty, / and @: a socket
        return url
    mode = said.get("sslmode", [sslmode])[-1]
    if mode in _MAY_BE_PLAIN:
        cause = f"{setting} leads through a public network, its sslmode is {mode}, and SERVER_ENV is prod"
        raise ConfigError(f"{cause}: write sslmode=require, or better verify-full, or leave it out")
    return url if mode else f"{url}{'&' if '?' in url else '?'}sslmode=require"


def check_host(setting: str, port_setting: str, host: str) -> None:
    """Raises ConfigError when `host` holds more than a host's name or address."""
    if host.startswith("/") or _is_ipv6(host):
        return
    if re.fullmatch(r"[^:/@]+:\d+", host):
        raise ConfigError(f"{setting} has a port in it: put that into {port_setting}")
    if re.search(r"[:/@?#%\[\]]", host):
        raise ConfigError(f"{setting} is not the name of a host: write db.example.com, without a scheme or a path")


def _bracketed(host: str) -> str:
    return f"[{host}]" if _is_ipv6(host) else host


def _is_ipv6(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).version == 6
    except ValueError:
        return False
