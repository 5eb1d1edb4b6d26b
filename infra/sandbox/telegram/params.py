"""The parameters of a call from its query, form, multipart or JSON."""

from __future__ import annotations

import email
import email.policy
import json
from typing import TYPE_CHECKING, Any, TypeGuard
from urllib.parse import parse_qsl

from infra.sandbox.telegram.errors import bad_request

if TYPE_CHECKING:
    from starlette.types import Receive, Scope

Params = dict[str, Any]


class Upload(str):
    """A file of a multipart form; as a string it is its description for the journal."""

    __slots__ = ("content", "mime", "name")
    content: bytes
    name: str
    mime: str

    @classmethod
    def from_bytes(cls, name: str, content: bytes, mime: str = "") -> Upload:
        """The file called `name`."""
        upload = cls(f"upload:{name} ({len(content)} bytes)")
        upload.content, upload.name, upload.mime = content, name, mime
        return upload


async def read_params(scope: Scope, receive: Receive) -> Params:
    """All parameters of a call; those of the body override the query's."""
    params = _form(scope["query_string"])
    body = await _read_body(receive)
    return params | parse_body(body, header(scope, b"content-type")) if body else params


def parse_body(body: bytes, content_type: str) -> Params:
    """The parameters of a JSON, multipart or form body. Raises ApiError when it is malformed."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        return _json_object(body)
    if kind == "multipart/form-data":
        return _multipart(body, content_type)
    return _form(body)


def header(scope: Scope, name: bytes) -> str:
    """One request header, empty when absent."""
    for key, value in scope["headers"]:
        if key == name:
            return str(value, "latin-1")
    return ""


def integer(params: Params, name: str) -> int | None:
    """A whole number, None when it was not given. Raises ApiError for anything else."""
    value = params.get(name)
    if value is None or value == "":
        return None
    try:
        return int(value)
    except (TypeError, ValueError):
        reason = f"invalid {name} specified"
        raise bad_request(reason) from None


def chat_id(params: Params) -> int | None:
    """The chat_id of a call, None when it is no number."""
    try:
        return int(params["chat_id"])
    except (KeyError, TypeError, ValueError):
        return None


def text(params: Params, name: str) -> str:
    """A string, empty when it was not given."""
    value = params.get(name)
    return "" if value is None else str(value)


def upload(params: Params, source: object) -> Upload | None:
    """The file that a value brings: the form's own, or the one that `attach://<name>` names."""
    if isinstance(source, Upload):
        return source
    attached = params.get(source.removeprefix("attach://")) if is_attached(source) else None
    return attached if isinstance(attached, Upload) else None


def is_attached(source: object) -> TypeGuard[str]:
    """Whether a value names a file of the form."""
    return isinstance(source, str) and source.startswith("attach://")


def flag(params: Params, name: str) -> bool:
    """Whether a switch is on."""
    return str(params.get(name, "")).lower() in ("true", "1", "yes")


def json_value(params: Params, name: str, called: str = "") -> object:
    """An object or array; in a form it is JSON in a string. Raises ApiError when that is malformed.

    `called` is what the server calls it.
    """
    value = params.get(name)
    if not isinstance(value, str):
        return value
    if not value:
        return None
    try:
        return json.loads(value)
    except ValueError:
        reason = f"can't parse {called or name.replace('_', ' ')} JSON object"
        raise bad_request(reason) from None


def _form(encoded: bytes) -> Params:
    if not encoded:
        return {}
    return dict(parse_qsl(encoded.decode("utf-8", "replace"), keep_blank_values=True))


def _json_object(body: bytes) -> Params:
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        reason = "can't parse JSON object"
        raise bad_request(reason)
    # An escape can bring half a surrogate pair in, which cannot be encoded later.
    if b"\\ud" in body.lower():
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            reason = "strings must be encoded in UTF-8"
            raise bad_request(reason) from None
    return value


def _multipart(body: bytes, content_type: str) -> Params:
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1")
    message = email.message_from_bytes(head + body, policy=email.policy.HTTP)
    params: Params = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            file = part.get_filename()
            params[name] = (
                Upload.from_bytes(file, content, part.get_content_type())
                if file
                else content.decode("utf-8", "replace")
            )
    return params


async def _read_body(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return bytes(body)
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)
