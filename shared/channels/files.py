"""Files that people sent, fetched from their gateways (docs/protocols/telegram.md, Files; docs/protocols/whatsapp.md).

Where they are may hold a token, and to read them takes one, so nobody outside gets either.
"""

import asyncio
import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote, urlsplit

from shared.channels.whatsapp_cloud import VERSION
from shared.clients.http import HttpClient, HttpResponse, NoResponse
from shared.config import Settings
from shared.credentials.account import Account
from shared.payload.values import part, string

SETTINGS = ("telegram_api_url", "evolution_api_url", "whatsapp_cloud_api_url", "send_deadline_seconds")
MAX_BYTES = 20 * 1024 * 1024  # what Telegram lets a bot download, and what it fetches itself

# Of those who did not answer with the file: it is not there, larger than MAX_BYTES, they answered something else, or
# nothing in time.
Problem = Literal["gone", "too_large", "unusable", "away"]

_MAX_BASE64_BYTES = MAX_BYTES * 4 // 3 + 100_000
# Strict to the first slash: what this and the client took for different hosts would get a token.
_METAS = re.compile(r"https://([a-z0-9-]+\.)*(fbsbx\.com|fbcdn\.net)/[!-~]*")
_PATH = re.compile(r"[\w-][\w.-]*(/[\w-][\w.-]*)*", re.ASCII)
_AGENT = {"User-Agent": "carillon"}  # Meta gives nothing to who has none


@dataclass(frozen=True)
class File:
    """A file; `mime` is what its owner says, `name` has an extension if the owner gives one."""

    content: bytes = field(repr=False)
    mime: str
    name: str = ""


async def fetch(client: HttpClient, settings: Settings, account: Account, file_id: str) -> File | Problem:
    """The file that `account` got as `file_id`, or why not, within SEND_DEADLINE_SECONDS for all calls together."""
    try:
        async with asyncio.timeout(settings.send_deadline_seconds):
            if account.channel == "telegram":
                return await _from_telegram(client, settings.telegram_api_url, account, file_id)
            if account.channel == "whatsapp_cloud":
                return await _from_cloud(client, settings.whatsapp_cloud_api_url, account, file_id)
            if account.channel == "evolution" and settings.evolution_api_url:
                return await _from_evolution(client, settings.evolution_api_url, account, file_id)
    except TimeoutError:
        return "away"
    return "unusable"  # ChatFlow's files have public addresses


async def _from_telegram(client: HttpClient, api_url: str, account: Account, file_id: str) -> File | Problem:
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
    file = await _download(client, f"{api_url}/file/bot{account.token}/{path}", {})
    return File(file.content, file.mime, path) if isinstance(file, File) else file


async def _from_cloud(client: HttpClient, api_url: str, account: Account, media_id: str) -> File | Problem:
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
    file = await _download(client, location, bearer)
    if not isinstance(file, File):
        return file
    return File(file.content, string(response.fields.get("mime_type")) or file.mime)


async def _from_evolution(client: HttpClient, api_url: str, account: Account, message_id: str) -> File | Problem:
    """WhatsApp's own copy is encrypted; Evolution has the key, if it keeps messages."""
    url = f"{api_url}/chat/getBase64FromMediaMessage/{quote(account.address or '', safe='')}"
    body = {"message": {"key": {"id": message_id}}, "convertToMp4": False}
    response = await client.call(
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
    return File(content, string(fields.get("mimetype")), string(fields.get("fileName")))


async def _download(client: HttpClient, url: str, headers: Mapping[str, str]) -> File | Problem:
    response = await client.call("GET", url, most_bytes=MAX_BYTES, headers=headers)
    if isinstance(response, NoResponse):
        return "away"
    if response.status != 200:
        return _problem(response)
    return File(response.body, response.headers.get("content-type", "")) if response.is_complete else "too_large"


def _problem(response: HttpResponse) -> Problem:
    """What an answer without the file means, by its status."""
    if response.status in (404, 410):
        return "gone"
    return "away" if response.status in (429, 503) else "unusable"


def may_have_token(url: str, api_url: str) -> bool:
    """Whether it is Meta's, or the configured API's own."""
    own = urlsplit(api_url)
    return url.startswith(f"{own.scheme}://{own.netloc}/") or _METAS.fullmatch(url) is not None
