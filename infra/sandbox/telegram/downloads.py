"""Files that a bot sends by their address: fetched as the real server does, if the stand-in was asked to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from infra.sandbox.telegram.errors import bad_request

if TYPE_CHECKING:
    from infra.sandbox.telegram.params import Params
    from infra.sandbox.telegram.state import Telegram

_TIMEOUT_S = 20.0
_MEGABYTE = 1024 * 1024
_MAX_BYTES = {"photo": 5 * _MEGABYTE}  # 20 MB of everything else
# Documents by URL: "will currently only work for GIF, PDF and ZIP files".
_TYPES = {
    "photo": r"image/(jpeg|png|webp|gif)",
    "document": r"application/(pdf|zip)|image/gif",
    "video": r"video/mp4",
    "audio": r"audio/(mpeg|mp4|x-m4a)",
    "voice": r"audio/ogg",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was at an address; None when there was no file."""

    content: bytes | None
    mime: str = ""


async def fetch(telegram: Telegram, method: str, params: Params) -> None:
    """Fetch the file that a call is about to send."""
    url = params.get(method.lower().removeprefix("send"))
    if telegram.fetches_files and isinstance(url, str) and url.startswith(("http://", "https://")):
        telegram.fetched[url] = await _get(url)


def check(telegram: Telegram, kind: str, url: str) -> None:
    """Refuse what could not be fetched, or is not of the kind."""
    fetched = telegram.fetched.get(url)
    if fetched is None:  # nobody asked for that
        return
    if fetched.content is None or len(fetched.content) > _MAX_BYTES.get(kind, 20 * _MEGABYTE):
        reason = "failed to get HTTP URL content"
        raise bad_request(reason)
    if not re.fullmatch(_TYPES[kind], fetched.mime):
        reason = "wrong type of the web page content"
        raise bad_request(reason)


async def _get(url: str) -> Fetched:
    timeout = dict.fromkeys(("connect", "read", "write", "pool"), _TIMEOUT_S)
    try:
        request = httpx.Request("GET", url, extensions={"timeout": timeout})
        # The bare transport, because the client above it logs addresses.
        async with httpx.AsyncHTTPTransport(verify=url.startswith("https:"), trust_env=False) as transport:
            response = await transport.handle_async_request(request)
            await response.aread()
    except (httpx.HTTPError, httpx.InvalidURL):
        return Fetched(None)
    mime = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Fetched(response.content, mime) if response.is_success else Fetched(None)
