"""Photos for the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

if TYPE_CHECKING:
    from starlette.requests import Request

    from infra.sandbox.telegram.state import Telegram


_STARTS = ((b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"), (b"RIFF", "image/webp"), (b"BM", "image/bmp"))


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
        """The picture; 404 when there is none."""
        stored = self._telegram.files.get((request.path_params["bot"], request.path_params["file_id"]))
        if stored is None:
            return JSONResponse({"error": "no such picture"}, 404)
        # Whatever a person sent: an image to an <img>, and nothing that a browser would run.
        safe = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}
        return Response(stored.content, media_type=_media_type(stored.content), headers=safe)


def _media_type(content: bytes) -> str:
    """By its first bytes, as browsers do it; a photo that is no picture is called one all the same."""
    return next((kind for start, kind in _STARTS if content.startswith(start)), "image/png")
