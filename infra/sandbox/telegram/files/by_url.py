"""Files that a bot names by URL: fetched as the real server does, if `Telegram.fetches_files` is on."""

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
    "animation": r"video/mp4|image/gif",
    "audio": r"audio/(mpeg|mp4|x-m4a)",
    "voice": r"audio/ogg",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """The file at an address; content None when there was none."""

    content: bytes | None
    mime: str = ""


async def fetch(telegram: Telegram, method: str, params: Params) -> None:
    """Fetch the file that a call is about to send."""
    url = params.get(method.lower().removeprefix("send"))
    if telegram.fetches_files and isinstance(url, str) and url.startswith(("http://", "https://")):
        telegram.fetched[url] = await _get(url)


def check(telegram: Telegram, kind: str, url: str) -> Fetched | None:
    """The file at an address; None: fetching is off. Raises ApiError where none could be had, or not of this kind."""
    fetched = telegram.fetched.get(url)
    if fetched is None:
        return None
    if fetched.content is None or len(fetched.content) > _MAX_BYTES.get(kind, 20 * _MEGABYTE):
        reason = "failed to get HTTP URL content"
        raise bad_request(reason)
    if not re.fullmatch(_TYPES[kind], fetched.mime):
        reason = "wrong type of the web page content"
        raise bad_request(reason)
    return fetched


async def _get(url: str) -> Fetched:
    timeout = dict.fromkeys(("connect", "read", "write", "pool"), _TIMEOUT_S)
    try:
        request = httpx.Request("GET", url, extensions={"timeout": timeout})
        # The transport alone: httpx's client would log the address.
        async with httpx.AsyncHTTPTransport(verify=url.startswith("https:"), trust_env=False) as transport:
            response = await transport.handle_async_request(request)
            await response.aread()
    except (httpx.HTTPError, httpx.InvalidURL):
        return Fetched(None)
    mime = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Fetched(response.content, mime) if response.is_success else Fetched(None)
