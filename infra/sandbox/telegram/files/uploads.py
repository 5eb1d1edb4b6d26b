"""Files that a bot uploads: photos and documents, because ours send nothing else so. The page shows photos."""

from __future__ import annotations

import secrets
import struct
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from infra.sandbox.telegram.errors import ApiError, bad_request
from infra.sandbox.telegram.files.received import StoredFile

if TYPE_CHECKING:
    from starlette.requests import Request

    from infra.sandbox.telegram.methods.call import Call
    from infra.sandbox.telegram.params import Upload
    from infra.sandbox.telegram.state import Json, Telegram

_MAX_PHOTO_BYTES = 10 * 1024 * 1024
_MAX_PHOTO_SIDES, _MAX_PHOTO_RATIO = 10_000, 20  # the sum of width and height; the longer side by the shorter
_PNG = b"\x89PNG\r\n\x1a\n"


def store(call: Call, kind: str, upload: Upload) -> list[Json] | Json:
    """Store an upload; what the message says of it. Raises ApiError for what Telegram would refuse."""
    if kind == "document":
        return _document(call, upload)
    if kind != "photo":
        reason = "the sandbox takes uploads of photos and documents only"
        raise bad_request(reason)
    return _photo(call, upload)


def _document(call: Call, upload: Upload) -> Json:
    if not upload.content:
        reason = "file must be non-empty"
        raise bad_request(reason)
    file_id = "BQACAgIAAxkD" + secrets.token_urlsafe(45)
    call.telegram.files[call.bot.id, file_id] = StoredFile(f"documents/file_{len(call.telegram.files)}", upload.content)
    return {"file_id": file_id, "file_unique_id": f"AgAD{file_id[-10:]}", "file_size": len(upload.content)}


def _photo(call: Call, upload: Upload) -> list[Json]:
    """The sizes of a PNG."""
    if len(upload.content) > _MAX_PHOTO_BYTES:
        reason = "Request Entity Too Large"
        raise ApiError(413, reason)
    if not upload.content.startswith(_PNG) or len(upload.content) < 24:
        reason = "IMAGE_PROCESS_FAILED"
        raise bad_request(reason)
    width, height = struct.unpack(">II", upload.content[16:24])
    if width + height > _MAX_PHOTO_SIDES or max(width, height) > _MAX_PHOTO_RATIO * min(width, height):
        reason = "PHOTO_INVALID_DIMENSIONS"
        raise bad_request(reason)
    file_id = "AgACAgIAAxkD" + secrets.token_urlsafe(45)
    path = f"photos/file_{len(call.telegram.files)}.png"
    call.telegram.files[call.bot.id, file_id] = StoredFile(path, upload.content)
    photo = {"file_id": file_id, "file_unique_id": f"AgAD{file_id[-10:]}", "file_size": len(upload.content)}
    return [photo | {"width": width, "height": height}]


def photo_owners(telegram: Telegram, messages: list[dict[str, Any]]) -> dict[str, int]:
    """The bot that has the file, by file_id: for those photos of `messages` that are stored."""
    owners = {file_id: bot for bot, file_id in telegram.files}
    photos = {file["file_id"] for message in messages for file in message.get("photo", ())}
    return {photo: owners[photo] for photo in sorted(photos & owners.keys())}


class Pictures:
    """`/_sandbox/pictures/<bot>/<file_id>`, for the page."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram

    async def answer(self, request: Request) -> Response:
        """The PNG; 404 when there is none."""
        stored = self._telegram.files.get((request.path_params["bot"], request.path_params["file_id"]))
        if stored is None:
            return JSONResponse({"error": "no such picture"}, 404)
        # Whatever a person sent: an image to an <img>, and nothing that a browser would run.
        safe = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}
        return Response(stored.content, media_type="image/png", headers=safe)
