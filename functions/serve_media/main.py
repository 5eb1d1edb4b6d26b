"""The door: a link that we sealed, then its file."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from functions.serve_media import kinds, owners
from shared import config, logs
from shared.channels import files, media_links
from shared.channels.files import File, Problem
from shared.clients.http import HttpClient
from shared.database.pool import Database
from shared.errors import HttpProblem, Unauthenticated
from shared.http import responses

NAME = "serve_media"
CACHED_SECONDS = 3600

_settings = config.settings()
logs.setup(_settings.log_level)
_database = Database(_settings.database_url)

_REFUSALS: dict[Problem, tuple[int, str, str]] = {
    "gone": (404, "Not Found", "Its owner does not have this file any more."),
    "too_large": (413, "Too Large", f"The file has more than {files.MAX_BYTES} bytes."),
    "unusable": (502, "Bad Gateway", "The owner of this file answers something else: see carillon doctor."),
    "away": (503, "Unavailable", "The owner of this file does not answer. Call again."),
}


async def serve_media(request: Request) -> Response:
    """GET or HEAD `/{sealed}/{file name}` (shared.channels.media_links). Answers the file."""
    return await responses.handle(NAME, request, _serve)


async def _serve(request: Request) -> Response:
    sealed, _, name = responses.path(request).strip("/").partition("/")
    # The wall clock: a link lives so long that seconds do not matter, and a stranger costs the database nothing.
    reference = media_links.read(_settings.secrets_key, sealed, datetime.now(UTC))
    responses.require_method(request, "GET", "HEAD")
    async with _database.connection() as connection:
        account = await owners.find(connection, _settings.secrets_key, reference)
    if account is None:
        raise Unauthenticated
    web = HttpClient(_settings.send_deadline_seconds)
    try:
        file = await files.fetch(web, _settings, account, reference.id)
    finally:
        await web.close()
    if not isinstance(file, File):
        logs.warning("file_not_fetched", bot_id=reference.bot_id, channel=account.channel, reason=file)
        raise HttpProblem(*_REFUSALS[file])
    logs.info("file_served", bot_id=reference.bot_id, channel=account.channel, bytes=len(file.content))
    return _answer(file, name)


def _answer(file: File, name: str) -> Response:
    of_type = kinds.content_type(file.mime, file.name, name)
    headers = {
        "content-type": of_type,
        "content-disposition": kinds.disposition(of_type),
        "cache-control": f"private, max-age={CACHED_SECONDS}",
        "x-content-type-options": "nosniff",
    }
    return Response(file.content, headers=headers)  # of a HEAD, the server leaves the body out
