"""Files that people send to a bot: getFile, and the address that it leads to."""

from __future__ import annotations

import base64
import binascii
import mimetypes
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, field_validator
from starlette.responses import JSONResponse, Response

from infra.sandbox.telegram.errors import ApiError, bad_request
from infra.sandbox.telegram.methods import Call, method
from infra.sandbox.telegram.params import text

if TYPE_CHECKING:
    from starlette.requests import Request

    from infra.sandbox.telegram.state import Json, Telegram

_DOWNLOADED_AT_MOST = 20 * 1024 * 1024
# How a file_id of the kind begins, the folder it lies in, and what it is called when nobody named it.
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
    def _decodes(cls, value: str) -> str:
        try:
            base64.b64decode(value, validate=True)
        except binascii.Error:
            raise ValueError("this is not base64") from None
        return value

    @property
    def content(self) -> bytes:
        """The bytes."""
        return base64.b64decode(self.base64) if self.base64 else self.text.encode()


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as the server keeps it."""

    path: str
    content: bytes


def arrive(telegram: Telegram, bot: int, sent: SentFile) -> Json:
    """Keep a file for a bot; what the message says of it."""
    if sent.kind == "photo":  # in two sizes, the largest last
        small = _keep(telegram, bot, sent, sent.content[:100]) | {"width": 90, "height": 67}
        return {"photo": [small, _keep(telegram, bot, sent, sent.content) | {"width": 800, "height": 600}]}
    shown = _keep(telegram, bot, sent, sent.content)
    if sent.kind == "voice":
        return {"voice": {"duration": 7, "mime_type": sent.mime or "audio/ogg"} | shown}
    mime = sent.mime or mimetypes.guess_type(sent.name)[0] or "application/octet-stream"
    named = ({"file_name": sent.name} if sent.name else {}) | {"mime_type": mime}
    length = {} if sent.kind == "document" else {"duration": 5}
    size = {"width": 800, "height": 600} if sent.kind == "video" else {}
    return {sent.kind: size | length | named | shown}


def _keep(telegram: Telegram, bot: int, sent: SentFile, content: bytes) -> Json:
    start, folder, ending = _KINDS[sent.kind]
    file_id = start + secrets.token_urlsafe(45)
    ending = ending or f".{sent.name.rpartition('.')[2]}" if "." in sent.name or ending else ""
    telegram.files[bot, file_id] = Stored(f"{folder}/file_{len(telegram.files)}{ending}", content)
    return {"file_id": file_id, "file_unique_id": f"AgAD{file_id[-10:]}", "file_size": len(content)}


@method("getFile")
def get_file(call: Call) -> Json:
    """Where the file can be downloaded; a file_id is its bot's own."""
    file_id = text(call.params, "file_id")
    if not file_id:
        reason = "file_id not specified"
        raise bad_request(reason)
    stored = call.telegram.files.get((call.bot.id, file_id))
    if stored is None:
        reason = "invalid file_id"
        raise bad_request(reason)
    if len(stored.content) > _DOWNLOADED_AT_MOST:
        reason = "file is too big"
        raise bad_request(reason)
    unique, size = f"AgAD{file_id[-10:]}", len(stored.content)
    return {"file_id": file_id, "file_unique_id": unique, "file_size": size, "file_path": stored.path}


class Downloads:
    """`/file/bot<token>/<file_path>`; whatever it is, the server calls it a stream of octets."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram

    async def answer(self, request: Request) -> Response:
        """Answer a file."""
        try:
            bot = self._telegram.bot(request.path_params["token"])
        except ApiError as error:
            return JSONResponse(error.body(), error.code)
        for (owner, _), stored in self._telegram.files.items():
            if (owner, stored.path) == (bot.id, request.path_params["path"]):
                return Response(stored.content, media_type="application/octet-stream")
        return JSONResponse(ApiError(404, "Not Found").body(), 404)
