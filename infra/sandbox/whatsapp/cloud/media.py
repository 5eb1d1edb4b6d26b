"""Files of the Cloud API: those that people sent, and those that the account uploaded."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import TYPE_CHECKING, Final

from starlette.responses import JSONResponse, Response

from infra.sandbox.telegram.errors import ApiError
from infra.sandbox.telegram.params import Upload, parse_body
from infra.sandbox.whatsapp.cloud.errors import BAD_TOKEN, Refusal, missing, no_object
from infra.sandbox.whatsapp.models import ChatMessage, File

if TYPE_CHECKING:
    from starlette.requests import Request

    from infra.sandbox.whatsapp.state import WhatsApp

_GATEWAY: Final = "whatsapp_cloud"


class Media:
    """The files, by the phone whose token opens them."""

    def __init__(self, whatsapp: WhatsApp) -> None:
        self._whatsapp = whatsapp

    def has(self, phone: str, media_id: str) -> bool:
        """Whether the account has this file."""
        return (_GATEWAY, phone, media_id) in self._whatsapp.media

    def phone_of(self, media_id: str) -> str | None:
        """The account that has this file."""
        found = (phone for gateway, phone, media in self._whatsapp.media if (gateway, media) == (_GATEWAY, media_id))
        return next(found, None)

    def take(self, phone: str, body: bytes, content_type: str) -> str:
        """Store an upload; its id. Raises Refusal."""
        try:
            form = parse_body(body, content_type)
        except ApiError:
            raise missing("file") from None
        upload = form.get("file")
        if not isinstance(upload, Upload) or not upload.content:
            raise missing("file")
        media_id = str(10**14 + secrets.randbelow(9 * 10**14))
        content = base64.b64encode(upload.content).decode()
        mime = str(form.get("type") or upload.mime)
        media = File(kind="document", base64=content, mime=mime, file_name=upload.name)
        self._whatsapp.media[_GATEWAY, phone, media_id] = ChatMessage.model_construct(media=media)
        return media_id

    def forget(self, phone: str, media_id: str) -> None:
        """Delete a file."""
        del self._whatsapp.media[_GATEWAY, phone, media_id]

    def describe(self, request: Request, phone: str, token: str) -> Response:
        """Where a file can be downloaded. Raises Refusal."""
        media_id = request.path_params["node"]
        if not self._whatsapp.knows(_GATEWAY, phone, token):
            raise Refusal(BAD_TOKEN, "Invalid OAuth access token")
        if request.query_params.get("phone_number_id", phone) != phone:
            raise no_object(media_id)
        content, mime = self._content(phone, media_id)
        path = f"{request.scope['root_path']}/attachments/{phone}/{media_id}"
        return JSONResponse(
            {
                "messaging_product": "whatsapp",
                "url": str(request.url.replace(path=path, query="")),
                "mime_type": mime,
                "sha256": hashlib.sha256(content).hexdigest(),
                "file_size": len(content),
                "id": media_id,
            }
        )

    def download(self, request: Request, token: str) -> Response:
        """The file. Meta has it on another host, which wants the token and a user agent, too."""
        phone, media_id = request.path_params["phone"], request.path_params["media"]
        known = self._whatsapp.knows(_GATEWAY, phone, token)
        if not known or not request.headers.get("user-agent"):
            return Response(status_code=401)
        if not self.has(phone, media_id):
            return Response(status_code=404)
        content, mime = self._content(phone, media_id)
        return Response(content, headers={"content-type": mime})

    def _content(self, phone: str, media_id: str) -> tuple[bytes, str]:
        media = self._whatsapp.media[_GATEWAY, phone, media_id].media
        return (base64.b64decode(media.base64), media.mime) if media else (b"", "")
