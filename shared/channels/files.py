"""Files that people sent, fetched from their gateways (docs/protocols/telegram.md, Files; docs/protocols/whatsapp.md).

Where they are may hold a token, and to read them takes one, so nobody outside gets either.
"""

import asyncio
import base64
import re
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote, urlsplit

from shared.channels.whatsapp_cloud import VERSION
from shared.clients.http import HttpClient, HttpResponse, NoResponse, StreamedResponse
from shared.config import Settings
from shared.credentials.account import Account
from shared.http.turns import Turns
from shared.payload.values import part, string

SETTINGS = ("telegram_api_url", "evolution_api_url", "whatsapp_cloud_api_url", "send_deadline_seconds")
MAX_BYTES = 20 * 1024 * 1024  # what Telegram lets a bot download, and what it fetches itself
MAX_AT_ONCE, MAX_OF_AN_ACCOUNT = 16, 8
MAX_IN_MEMORY, MAX_OF_AN_ACCOUNT_IN_MEMORY = 3, 2  # of those: whole; 165 MB in all, as base64 is decoded one by one
WAIT_SECONDS = 5.0  # for a turn

# Of those who did not answer with the file: it is not there, larger than MAX_BYTES, they answered something else, or
# nothing in time. "busy" are we: too many files are under way.
Problem = Literal["gone", "too_large", "unusable", "away", "busy"]

_MAX_BASE64_BYTES = MAX_BYTES * 4 // 3 + 100_000
# Strict to the first slash: what this and the client took for different hosts would get a token.
_METAS = re.compile(r"https://([a-z0-9-]+\.)*(fbsbx\.com|fbcdn\.net)/[!-~]*")
_PATH = re.compile(r"[\w-][\w.-]*(/[\w-][\w.-]*)*", re.ASCII)
_AGENT = {"User-Agent": "carillon"}  # Meta gives nothing to who has none


class BrokenOff(Exception):
    """The rest of a file does not come."""


@dataclass(frozen=True)
class File:
    """A file that is coming; `mime` is what its owner says, `name` has an extension if the owner gives one.

    `chunks` are its content, or none of it where only the rest was asked for; they raise BrokenOff. `size` is in bytes,
    None where only the end will tell.
    """

    chunks: AsyncIterator[bytes] = field(repr=False)
    size: int | None
    mime: str
    name: str = ""


@dataclass(frozen=True)
class _Location:
    """Where a file can be downloaded. Address and headers may hold a token."""

    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    mime: str = ""
    name: str = ""


class Files:
    """Opens files, so many at once that they fit into memory."""

    def __init__(self, client: HttpClient, settings: Settings, wait_seconds: float = WAIT_SECONDS) -> None:
        """`settings` has the addresses of the owners; whoever waits for a turn any longer is told that we are busy."""
        self._client = client
        self._settings = settings
        self._wait_seconds = wait_seconds
        self._under_way = Turns(MAX_AT_ONCE, MAX_OF_AN_ACCOUNT)
        self._in_memory = Turns(MAX_IN_MEMORY, MAX_OF_AN_ACCOUNT_IN_MEMORY)

    @asynccontextmanager
    async def open(self, account: Account, file_id: str, *, with_content: bool) -> AsyncIterator[File | Problem]:
        """The file that `account` got as `file_id`, or why not, within SEND_DEADLINE_SECONDS.

        Its chunks are the reader's to wait for, and only inside of this context.
        """
        async with AsyncExitStack() as stack:
            yield await self._open(stack, account, file_id, with_content=with_content)

    async def _open(
        self, stack: AsyncExitStack, account: Account, file_id: str, *, with_content: bool
    ) -> File | Problem:
        if not await self._has_turn(stack, self._under_way, account):
            return "busy"
        self._client.open()  # loads what the first call needs
        try:
            async with asyncio.timeout(self._settings.send_deadline_seconds):
                if account.channel == "evolution" and self._settings.evolution_api_url:
                    if not with_content:
                        return File(_nothing(), None, "")  # nothing is known before it was fetched
                    return await self._from_evolution(stack, account, file_id)
                location = await self._locate(account, file_id)
                if not isinstance(location, _Location):
                    return location
                return await self._download(stack, account, location, with_content=with_content)
        except TimeoutError:
            return "away"

    async def _has_turn(self, stack: AsyncExitStack, turns: Turns, account: Account) -> bool:
        """Whether one of the account's `turns` is the stack's now."""
        try:
            async with asyncio.timeout(self._wait_seconds):
                await stack.enter_async_context(turns.turn(account))
        except TimeoutError:
            return False
        return True

    async def _locate(self, account: Account, file_id: str) -> _Location | Problem:
        if account.channel == "telegram":
            return await _locate_at_telegram(self._client, self._settings.telegram_api_url, account, file_id)
        if account.channel == "whatsapp_cloud":
            return await _locate_at_cloud(self._client, self._settings.whatsapp_cloud_api_url, account, file_id)
        return "unusable"  # ChatFlow's files have public addresses

    async def _download(
        self, stack: AsyncExitStack, account: Account, location: _Location, *, with_content: bool
    ) -> File | Problem:
        """What comes with its length passes through; other files are read whole, as they may be too large."""
        response = await stack.enter_async_context(self._client.stream("GET", location.url, headers=location.headers))
        if isinstance(response, NoResponse):
            return "away"
        if response.status != 200:
            return _problem(response)
        mime, size = location.mime or response.headers.get("content-type", ""), _size(response)
        if size is not None and size > MAX_BYTES:
            return "too_large"
        if not with_content:
            return File(_nothing(), size, mime, location.name)
        if size is not None:
            chunks = await stack.enter_async_context(aclosing(_bounded(response.chunks, size)))
            return File(chunks, size, mime, location.name)
        if not await self._has_turn(stack, self._in_memory, account):
            return "busy"
        content = await _read(response)
        return _whole(content, mime, location.name) if isinstance(content, bytes) else content

    async def _from_evolution(self, stack: AsyncExitStack, account: Account, message_id: str) -> File | Problem:
        """WhatsApp's own copy is encrypted; Evolution has the key, if it keeps messages."""
        if not await self._has_turn(stack, self._in_memory, account):
            return "busy"
        address = quote(account.address or "", safe="")
        url = f"{self._settings.evolution_api_url}/chat/getBase64FromMediaMessage/{address}"
        body = {"message": {"key": {"id": message_id}}, "convertToMp4": False}
        response = await self._client.call(
            "POST", url, most_bytes=_MAX_BASE64_BYTES, json=body, headers={"apikey": account.token}
        )
        if isinstance(response, NoResponse):
            return "away"
        if not response.is_complete:
            return "too_large"
        if response.status == 400:
            return "gone" if b"not found" in response.body.lower() else "unusable"
        fields = response.fields
        try:
            content = base64.b64decode(fields["base64"], validate=True)
        except (KeyError, TypeError, ValueError):
            return "unusable" if response.status == 404 else _problem(response)
        if len(content) > MAX_BYTES:
            return "too_large"
        return _whole(content, string(fields.get("mimetype")), string(fields.get("fileName")))


async def _locate_at_telegram(client: HttpClient, api_url: str, account: Account, file_id: str) -> _Location | Problem:
    response = await client.call("POST", f"{api_url}/bot{account.token}/getFile", json={"file_id": file_id})
    if isinstance(response, NoResponse):
        return "away"
    if response.status == 400:
        return "too_large" if "too big" in str(response.fields.get("description")) else "gone"
    if response.status == 404:  # not the file: the bot
        return "unusable"
    path = string(part(response.fields, "result").get("file_path"))
    if response.status != 200 or not _PATH.fullmatch(path):
        return _problem(response)
    return _Location(f"{api_url}/file/bot{account.token}/{path}", {}, name=path)


async def _locate_at_cloud(client: HttpClient, api_url: str, account: Account, media_id: str) -> _Location | Problem:
    bearer = {"Authorization": f"Bearer {account.token}", **_AGENT}
    of_number = {"phone_number_id": account.address or ""}  # a token may be for several: theirs alone
    url = f"{api_url}/{VERSION}/{quote(media_id, safe='')}"
    response = await client.call("GET", url, params=of_number, headers=bearer)
    if isinstance(response, NoResponse):
        return "away"
    if response.status == 400:  # an id that is unknown, another number's, or older than 30 days
        return "gone" if part(response.fields, "error").get("code") == 100 else "unusable"
    location = string(response.fields.get("url"))
    if response.status != 200 or not may_have_token(location, api_url):
        return _problem(response)
    return _Location(location, bearer, mime=string(response.fields.get("mime_type")))


def _size(response: StreamedResponse) -> int | None:
    """The length that is declared; None of what is packed, or says nothing."""
    declared = response.headers.get("content-length", "")
    return int(declared) if declared.isdecimal() and "content-encoding" not in response.headers else None


async def _bounded(chunks: AsyncIterator[bytes | NoResponse], size: int) -> AsyncGenerator[bytes]:
    """The `size` bytes of a file, no more and no less. Raises BrokenOff."""
    async for chunk in chunks:
        if isinstance(chunk, NoResponse) or len(chunk) > size:
            break
        size -= len(chunk)
        yield chunk
    if size:
        raise BrokenOff


async def _read(response: StreamedResponse) -> bytes | Problem:
    content = bytearray()
    async for chunk in response.chunks:
        if isinstance(chunk, NoResponse):
            return "away"
        content += chunk
        if len(content) > MAX_BYTES:
            return "too_large"
    return bytes(content)


def _whole(content: bytes, mime: str, name: str) -> File:
    return File(_single(content), len(content), mime, name)


async def _single(content: bytes) -> AsyncGenerator[bytes]:
    yield content


async def _nothing() -> AsyncGenerator[bytes]:
    return
    yield b""


def _problem(response: HttpResponse | StreamedResponse) -> Problem:
    """What an answer without the file means, by its status."""
    if response.status in (404, 410):
        return "gone"
    return "away" if response.status in (429, 503) else "unusable"


def may_have_token(url: str, api_url: str) -> bool:
    """Whether it is Meta's, or the configured API's own."""
    own = urlsplit(api_url)
    return url.startswith(f"{own.scheme}://{own.netloc}/") or _METAS.fullmatch(url) is not None
