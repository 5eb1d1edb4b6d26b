"""Files that people send to a bot, and the address that they are downloaded from."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, field_validator
from starlette.responses import JSONResponse, Response

from infra.sandbox.telegram.errors import ApiError
from infra.sandbox.telegram.files.stored import put, put_unseen_photo

if TYPE_CHECKING:
    from starlette.requests import Request

    from infra.sandbox.telegram.models import Json
    from infra.sandbox.telegram.state import Telegram


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


def store(telegram: Telegram, bot: int, sent: SentFile) -> Json:
    """Store a file that was sent to a bot; the fields of the message that carries it."""
    duration = {"voice": 7, "audio": 5, "video": 5}.get(sent.kind)
    try:
        shown = put(telegram, bot, sent.kind, sent.content, name=sent.name, mime=sent.mime, duration=duration)
    except ApiError:  # no picture: people's phones send none such, and tests that look at no pixel may
        shown = put_unseen_photo(telegram, bot, sent.content)
    return {sent.kind: shown}


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
