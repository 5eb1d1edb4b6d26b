"""Files that a bot uploads: photos only, which is what ours sends. The page shows them."""

from __future__ import annotations

import secrets
import struct
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from infra.sandbox.telegram.errors import ApiError, bad_request
from infra.sandbox.telegram.files import Stored

if TYPE_CHECKING:
    from starlette.requests import Request

    from infra.sandbox.telegram.methods import Call
    from infra.sandbox.telegram.params import Upload
    from infra.sandbox.telegram.state import Json, Telegram

_PHOTO_BYTES = 10 * 1024 * 1024
_PHOTO_SIDES, _PHOTO_RATIO = 10_000, 20  # width and height together; one by the other
_PNG = b"\x89PNG\r\n\x1a\n"


def keep(call: Call, kind: str, upload: Upload) -> list[Json]:
    """Keep an uploaded picture; what the message says of it."""
    if kind != "photo":
        reason = "the sandbox takes uploads of photos only"
        raise bad_request(reason)
    if len(upload.content) > _PHOTO_BYTES:
        reason = "Request Entity Too Large"
        raise ApiError(413, reason)
    if not upload.content.startswith(_PNG) or len(upload.content) < 24:
        reason = "IMAGE_PROCESS_FAILED"
        raise bad_request(reason)
    width, height = struct.unpack(">II", upload.content[16:24])
    if width + height > _PHOTO_SIDES or max(width, height) > _PHOTO_RATIO * min(width, height):
        reason = "PHOTO_INVALID_DIMENSIONS"
        raise bad_request(reason)
    file_id = "AgACAgIAAxkD" + secrets.token_urlsafe(45)
    call.telegram.files[call.bot.id, file_id] = Stored(f"photos/file_{len(call.telegram.files)}.png", upload.content)
    size = len(upload.content)
    return [
        {"file_id": file_id, "file_unique_id": f"AgAD{file_id[-10:]}", "file_size": size, "width": width}
        | {"height": height}
    ]


def shown(telegram: Telegram, messages: list[dict[str, Any]]) -> dict[str, int]:
    """Which photos of `messages` are kept, and by which bot."""
    owners = {file_id: bot for bot, file_id in telegram.files}
    photos = {file["file_id"] for message in messages for file in message.get("photo", ())}
    return {photo: owners[photo] for photo in sorted(photos & owners.keys())}


class Pictures:
    """`/_sandbox/pictures/<bot>/<file_id>`, for the page."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram

    async def answer(self, request: Request) -> Response:
        """Answer a picture."""
        stored = self._telegram.files.get((request.path_params["bot"], request.path_params["file_id"]))
        if stored is None:
            return JSONResponse({"error": "no such picture"}, 404)
        # Whatever a person sent: an image to an <img>, and nothing that a browser would run.
        safe = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}
        return Response(stored.content, media_type="image/png", headers=safe)
