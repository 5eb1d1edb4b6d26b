"""Links under which `serve_media` gives files out that only their owner's token opens.

A link is a sealed reference, so no table grows: nobody can make one, change one, or read out of it where a file is.
"""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from shared.config import Settings
from shared.credentials import secrets
from shared.credentials.account import Channel
from shared.errors import ConfigError, Unauthenticated

SETTINGS = ("media_url", "secrets_key")
LIFETIME = timedelta(hours=48)
MAX_LENGTH = 1024  # gateways cut addresses, or refuse them

_ASSOCIATED_DATA = "media link"  # what is sealed for a table opens no file
_LINK = re.compile(r"""(https?://[^\s"'<>]+?/)([A-Za-z0-9_-]{60,})(/[^\s"'<>/]+)""")
_MAX_EXTENSION = 10  # most characters of one, its dot included


@dataclass(frozen=True)
class Reference:
    """A file: the bot whose token opens it, that bot's channel, and what the channel calls the file.

    A file_id of Telegram, a media id of the Cloud API, the id of the message that brought it by Evolution.
    """

    bot_id: int
    channel: Channel
    id: str


def link(settings: Settings, reference: Reference, file_name: str, now: datetime) -> str | None:
    """Where the file can be fetched for 48 hours from `now`; None when nobody serves files, or the id is absurd.

    Every call makes another link: none may be part of a key. The name is for whoever saves the file.
    """
    if not settings.media_url:
        return None
    beginning = f"{settings.media_url}/{_sealed(settings.secrets_key, reference, now)}/"
    return _named(beginning, _base_name(file_name))


def renewed(secrets_key: str, payload: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """`payload` with new links to the same files, again for 48 hours; other addresses stay.

    Telegram remembers for a while that it could not fetch an address, and a message may have waited for days.
    """

    def renew(link: re.Match[str]) -> str:
        try:
            _, *reference = _unsealed(secrets_key, link[2])
        except Unauthenticated:  # somebody else's address
            return link[0]
        return f"{link[1]}{_sealed(secrets_key, _reference(*reference), now)}{link[3]}"

    return {name: _LINK.sub(renew, value) if isinstance(value, str) else value for name, value in payload.items()}


def read(secrets_key: str, sealed: str, now: datetime) -> Reference:
    """What `link` was given. Raises Unauthenticated when it was not made by us, or too long ago."""
    until, *reference = _unsealed(secrets_key, sealed)
    if until <= now.timestamp():
        raise Unauthenticated
    return _reference(*reference)


def _sealed(secrets_key: str, reference: Reference, now: datetime) -> str:
    until = int((now + LIFETIME).timestamp())
    said = json.dumps([until, reference.bot_id, reference.channel, reference.id], separators=(",", ":"))
    return _encoded(secrets.seal(secrets_key, said, _ASSOCIATED_DATA, "media links"))


def _unsealed(secrets_key: str, sealed: str) -> list[Any]:
    """When a link ends, and what its reference is made of. Raises Unauthenticated."""
    try:
        ciphertext = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
        if _encoded(ciphertext) != sealed:  # other letters for the same bytes: they did not come from us
            raise Unauthenticated
        parts: list[Any] = json.loads(secrets.unseal(secrets_key, ciphertext, _ASSOCIATED_DATA, "media links"))
    except (ValueError, ConfigError):  # ValueError: no base64
        raise Unauthenticated from None
    return parts


def _reference(bot_id: int, channel: Any, file_id: str) -> Reference:
    return Reference(bot_id, channel, file_id)


def _encoded(ciphertext: bytes) -> str:
    return base64.urlsafe_b64encode(ciphertext).rstrip(b"=").decode()


def _base_name(file_name: str) -> str:
    """The last part of a path, without what would make another path of it: `..` is taken out by every client."""
    last = file_name.replace("\\", "/").rpartition("/")[2]
    return "".join(character for character in last if character.isprintable()).strip(". ") or "file"


def _named(beginning: str, name: str) -> str | None:
    """The whole address; of a name that is too long the end stays, because it tells the type."""
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) >= _MAX_EXTENSION:
        stem, dot, extension = name, "", ""
    while stem:
        address = beginning + quote(stem + dot + extension, safe="")
        if len(address) < MAX_LENGTH:
            return address
        stem = stem[:-1]
    return None
