"""Called by Telegram, WhatsApp gateways and browsers that were given one of our links."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from functions.serve_media import kinds, owners
from shared import logs
from shared.channels import files, media_links
from shared.channels.files import File, Files, Problem
from shared.channels.media_links import Reference
from shared.clients import network
from shared.clients.http import HttpClient
from shared.clients.network import network_of
from shared.config import Settings
from shared.credentials.account import Account
from shared.database.pool import Database
from shared.errors import HttpProblem, Unauthenticated
from shared.http import requests, responses
from shared.http.function import Function, entry_point
from shared.http.health import with_health

NAME = "serve_media"
CACHED_SECONDS = 3600
MAX_SENDING_SECONDS = 120.0  # 20 MB at 1.4 Mbit/s: whoever reads more slowly takes another's turn

_CALL_AGAIN = responses.retry_after(responses.RETRY_AFTER_SECONDS)
_PROBLEMS: dict[Problem, HttpProblem] = {
    "gone": HttpProblem(404, "Not Found", "Its owner does not have this file any more."),
    "too_large": HttpProblem(413, "Too Large", f"The file has more than {files.MAX_BYTES} bytes."),
    "unusable": HttpProblem(502, "Bad Gateway", "The owner of this file answers something else: see carillon doctor."),
    "away": HttpProblem(503, "Unavailable", "The owner of this file does not answer. Call again.", headers=_CALL_AGAIN),
    "busy": HttpProblem(503, "Unavailable", "Too many files are under way. Call again.", headers=_CALL_AGAIN),
}


def create(settings: Settings) -> Function:
    """The function. GET or HEAD `/{sealed}/{file name}` (shared.channels.media_links) answers the file."""
    database = Database(settings.database_url)
    client = HttpClient(settings.send_deadline_seconds, network_of(settings))
    opener = Files(client, settings)

    async def serve(request: Request) -> Response:
        sealed, _, name = requests.path(request, NAME).strip("/").partition("/")
        # The wall clock: a link lives so long that seconds do not matter, and an invalid one costs no query.
        reference = media_links.read(settings.secrets_key, sealed, datetime.now(UTC))
        requests.require_method(request, "GET", "HEAD")
        async with database.connection() as connection:
            account = await owners.find(connection, settings.secrets_key, reference)
        if account is None:
            raise Unauthenticated
        return await _respond(opener, account, reference, name, with_content=request.method == "GET")

    async def handler(request: Request) -> Response:
        return await responses.handle(NAME, request, serve)

    return Function(with_health(NAME, database, handler), database.close, client.close)


async def _respond(opener: Files, account: Account, reference: Reference, name: str, *, with_content: bool) -> Response:
    """The file, or of a HEAD what is known of it without its content. Raises HttpProblem."""
    async with AsyncExitStack() as stack:
        file = await stack.enter_async_context(opener.open(account, reference.id, with_content=with_content))
        if not isinstance(file, File):
            logs.warning("file_not_fetched", bot_id=reference.bot_id, channel=account.channel, reason=file)
            raise _PROBLEMS[file]
        logs.info("file_served", bot_id=reference.bot_id, channel=account.channel, bytes=file.size)
        return _FileResponse(file, name, stack.pop_all())


class _FileResponse(StreamingResponse):
    """Passes a file on as it comes, and closes it when it was sent, or when whoever reads it has left."""

    def __init__(self, file: File, name: str, opened: AsyncExitStack) -> None:
        content_type = kinds.content_type(file.mime, file.name, name)
        headers = {
            "content-type": content_type,
            "content-disposition": kinds.disposition(content_type),
            "cache-control": f"private, max-age={CACHED_SECONDS}",
            "x-content-type-options": "nosniff",
        }
        if file.size is not None:
            headers["content-length"] = str(file.size)
        super().__init__(file.chunks, headers=headers)
        self._opened = opened

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        async with self._opened, asyncio.timeout(MAX_SENDING_SECONDS):
            await super().__call__(scope, receive, send)


NEEDS = ("database_url", "log_level", "secrets_key", *files.SETTINGS, *network.SETTINGS)
__getattr__ = entry_point(NAME, NEEDS, create)
