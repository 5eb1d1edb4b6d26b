"""Called by Telegram, WhatsApp gateways and browsers that were given one of our links."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from functions.serve_media import kinds, owners
from shared import logs
from shared.channels import files, media_links
from shared.channels.files import File, Problem
from shared.channels.media_links import Reference
from shared.clients.http import HttpClient
from shared.config import Settings
from shared.credentials.account import Account
from shared.database.pool import Database
from shared.errors import HttpProblem, Unauthenticated
from shared.http import requests, responses
from shared.http.function import Function, entry_point

NAME = "serve_media"
CACHED_SECONDS = 3600

_PROBLEMS: dict[Problem, tuple[int, str, str]] = {
    "gone": (404, "Not Found", "Its owner does not have this file any more."),
    "too_large": (413, "Too Large", f"The file has more than {files.MAX_BYTES} bytes."),
    "unusable": (502, "Bad Gateway", "The owner of this file answers something else: see carillon doctor."),
    "away": (503, "Unavailable", "The owner of this file does not answer. Call again."),
}


def create(settings: Settings) -> Function:
    """The function. GET or HEAD `/{sealed}/{file name}` (shared.channels.media_links) answers the file."""
    database = Database(settings.database_url)

    async def serve(request: Request) -> Response:
        sealed, _, name = requests.path(request, NAME).strip("/").partition("/")
        # The wall clock: a link lives so long that seconds do not matter, and an invalid one costs no query.
        reference = media_links.read(settings.secrets_key, sealed, datetime.now(UTC))
        requests.require_method(request, "GET", "HEAD")
        async with database.connection() as connection:
            account = await owners.find(connection, settings.secrets_key, reference)
        if account is None:
            raise Unauthenticated
        return _response(await _fetch(settings, account, reference), name)

    async def handler(request: Request) -> Response:
        return await responses.handle(NAME, request, serve)

    return Function(handler, database.close)


async def _fetch(settings: Settings, account: Account, reference: Reference) -> File:
    """The file, from its owner. Raises HttpProblem."""
    client = HttpClient(settings.send_deadline_seconds)
    try:
        file = await files.fetch(client, settings, account, reference.id)
    finally:
        await client.close()
    if not isinstance(file, File):
        logs.warning("file_not_fetched", bot_id=reference.bot_id, channel=account.channel, reason=file)
        raise HttpProblem(*_PROBLEMS[file])
    logs.info("file_served", bot_id=reference.bot_id, channel=account.channel, bytes=len(file.content))
    return file


def _response(file: File, name: str) -> Response:
    content_type = kinds.content_type(file.mime, file.name, name)
    headers = {
        "content-type": content_type,
        "content-disposition": kinds.disposition(content_type),
        "cache-control": f"private, max-age={CACHED_SECONDS}",
        "x-content-type-options": "nosniff",
    }
    return Response(file.content, headers=headers)  # of a HEAD, the server leaves the body out


NEEDS = ("database_url", "log_level", "secrets_key", *files.SETTINGS)
__getattr__ = entry_point(NAME, NEEDS, create)
