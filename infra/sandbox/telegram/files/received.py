"""Files that people send to a bot, and the address that they are downloaded from."""

from __future__ import annotations

import base64
import binascii
import mimetypes
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, field_validator
from starlette.responses import JSONResponse, Response

from infra.sandbox.telegram.errors import ApiError

if TYPE_CHECKING:
    from starlette.requests import Request

    from infra.sandbox.telegram.state import Json, Telegram

# Of each kind: the prefix of its file_id, its folder, the suffix of a file without a name.
_KINDS = {
    "photo": ("AgACAgIAAxkB", "photos", ".jpg"),
    "document": ("BQACAgIAAxkB", "documents", ""),
    "video": ("BAACAgIAAxkB", "videos", ".mp4"),
    "audio": ("CQACAgIAAxkB", "music", ".mp3"),
    "voice": ("AwACAgIAAxkB", "voice", ".oga"),
}


class SentFile(BaseModel):
    """A file in a person's message: its bytes in base64, or a text."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["photo", "document", "video", "audio", "voice"]
    name: str = ""
    mime: str = ""
    text: str = ""
    base64: str = ""

    @field_validator("base64")
    @classmethod
    def _check_base64(cls, value: str) -> str:
        try:
            base64.b64decode(value, validate=True)
        except binascii.Error:
            raise ValueError("this is not base64") from None
        return value

    @property
    def content(self) -> bytes:
        """The decoded bytes."""
        return base64.b64decode(self.base64) if self.base64 else self.text.encode()


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as the server has it: its file_path and its bytes."""

    path: str
    content: bytes


def store(telegram: Telegram, bot: int, sent: SentFile) -> Json:
    """Store a file that was sent to a bot; the fields of the message that carries it."""
    if sent.kind == "photo":  # in two sizes, the largest last
        small = _store_bytes(telegram, bot, sent, sent.content[:100]) | {"width": 90, "height": 67}
        return {"photo": [small, _store_bytes(telegram, bot, sent, sent.content) | {"width": 800, "height": 600}]}
    shown = _store_bytes(telegram, bot, sent, sent.content)
    if sent.kind == "voice":
        return {"voice": {"duration": 7, "mime_type": sent.mime or "audio/ogg"} | shown}
    mime = sent.mime or mimetypes.guess_type(sent.name)[0] or "application/octet-stream"
    named = ({"file_name": sent.name} if sent.name else {}) | {"mime_type": mime}
    length = {} if sent.kind == "document" else {"duration": 5}
    size = {"width": 800, "height": 600} if sent.kind == "video" else {}
    return {sent.kind: size | length | named | shown}


def _store_bytes(telegram: Telegram, bot: int, sent: SentFile, content: bytes) -> Json:
    prefix, folder, suffix = _KINDS[sent.kind]
    file_id = prefix + secrets.token_urlsafe(45)
    if not suffix and "." in sent.name:
        suffix = f".{sent.name.rpartition('.')[2]}"
    telegram.files[bot, file_id] = StoredFile(f"{folder}/file_{len(telegram.files)}{suffix}", content)
    return {"file_id": file_id, "file_unique_id": f"AgAD{file_id[-10:]}", "file_size": len(content)}


class Downloads:
    """`/file/bot<token>/<file_path>`; the media type is always application/octet-stream, as Telegram's."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram

    async def answer(self, request: Request) -> Response:
        """The file's bytes; 404 when the bot has no such file."""
        try:
            bot = self._telegram.bot(request.path_params["token"])
        except ApiError as error:
            return JSONResponse(error.body(), error.code)
        for (owner, _), stored in self._telegram.files.items():
            if (owner, stored.path) == (bot.id, request.path_params["path"]):
                return Response(stored.content, media_type="application/octet-stream")
        return JSONResponse(ApiError(404, "Not Found").body(), 404)
