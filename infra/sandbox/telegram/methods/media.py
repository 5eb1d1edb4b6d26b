"""Methods of files: sending one, or an album, and finding where it can be downloaded."""

from __future__ import annotations

import hashlib
import secrets
from functools import partial
from typing import TYPE_CHECKING, Any

from infra.sandbox.telegram.errors import bad_request
from infra.sandbox.telegram.files import stored
from infra.sandbox.telegram.files.by_url import check
from infra.sandbox.telegram.formatting.links import problem_of
from infra.sandbox.telegram.formatting.text import caption
from infra.sandbox.telegram.methods.call import Call, method
from infra.sandbox.telegram.methods.sending import send
from infra.sandbox.telegram.params import Params, flag, is_attached, json_value, text, upload

if TYPE_CHECKING:
    from infra.sandbox.telegram.models import Json

_MAX_ALBUM = 10
_MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024
_FIELDS = {
    "audio": ("duration", "performer", "title"),
    "video": ("duration", "width", "height"),
    "voice": ("duration",),
    "animation": ("duration", "width", "height"),
}
_WITH_SPOILER = ("photo", "video", "animation")


def _send_media(call: Call, kind: str) -> Json:
    return send(call, media(call, kind, call.params.get(kind), call.params))


for _kind in stored.KINDS:
    method(f"send{_kind}")(partial(_send_media, kind=_kind))


@method("sendMediaGroup")
def send_media_group(call: Call) -> list[Json]:
    """Send an album; its Message objects."""
    album = parsed_album(call)
    group = {"media_group_id": str(13_000_000_000_000_000 + secrets.randbelow(10**15))}
    return [send(call, content | group) for content in album]


def parsed_album(call: Call) -> list[Json]:
    """The contents of an album's messages. Raises ApiError."""
    given = json_value(call.params, "media", "media")
    if not isinstance(given, list):
        reason = "media must be an Array" if given else "there are no messages to send"
        raise bad_request(reason)
    if not given:
        reason = "there are no messages to send"
        raise bad_request(reason)
    if len(given) > _MAX_ALBUM:
        reason = "too many messages to send as an album"
        raise bad_request(reason)
    if any(isinstance(item, dict) and item.get("type") == "animation" for item in given):
        reason = "animations can't be sent in an album"
        raise bad_request(reason)
    return [input_media(call, item) for item in given]


def input_media(call: Call, given: object) -> Json:
    """What an InputMedia object brings. Raises ApiError."""
    if not isinstance(given, dict):
        reason = "can't parse InputMedia: expected an Object"
        raise bad_request(reason)
    kind = str(given.get("type", ""))
    if kind not in stored.KINDS or kind == "voice":
        reason = f"can't parse InputMedia: type must be one of photo, video, animation, audio, document, not {kind!r}"
        raise bad_request(reason)
    source = upload(call.params, given.get("media")) or given.get("media")
    return media(call, kind, source, given)


def media(call: Call, kind: str, source: Any, params: Params) -> Json:
    """The file and the caption of a message. Raises ApiError."""
    shown = _file(call, kind, source, params)
    spoiler = {"has_media_spoiler": True} if kind in _WITH_SPOILER and flag(params, "has_spoiler") else {}
    # An animation is a document, too, for bots of old.
    old = {"document": shown} if kind == "animation" else {}
    return {kind: shown} | old | caption(params) | spoiler


def _file(call: Call, kind: str, source: Any, params: Params) -> Any:
    about = {name: _number_or_text(params[name]) for name in _FIELDS.get(kind, ()) if params.get(name) is not None}
    if uploaded := upload(call.params, source):
        if not uploaded.content:
            reason = "file must be non-empty"
            raise bad_request(reason)
        small = upload(call.params, params.get("thumbnail"))
        about |= {"name": uploaded.name, "mime": uploaded.mime, "thumbnail": small.content if small else b""}
        return stored.put(call.telegram, call.bot.id, kind, uploaded.content, **about)
    if not source or not isinstance(source, str):
        reason = f"there is no {kind} in the request"
        raise bad_request(reason)
    if is_attached(source):
        reason = "wrong file identifier/HTTP URL specified"
        raise bad_request(reason)
    if known := stored.same_kind(call.telegram, call.bot.id, kind, source):
        return known
    return _elsewhere(call, kind, source, about)


def _elsewhere(call: Call, kind: str, source: str, about: Json) -> Any:
    """A file at an address; or, unless ids are looked at, one that nobody has given to this sandbox."""
    if "." in source:
        if problem := problem_of(source):
            reason = f"invalid file HTTP URL specified: {problem}"
            raise bad_request(reason)
        fetched = check(call.telegram, kind, source)
        if fetched and fetched.content is not None:
            return stored.put(call.telegram, call.bot.id, kind, fetched.content, mime=fetched.mime, **about)
    elif call.telegram.strict_files or not source.replace("-", "").replace("_", "").isalnum():
        raise stored.unknown(source)
    return _made_up(kind, source) if kind == "photo" else _made_up(kind, source) | about


def _made_up(kind: str, source: str) -> Any:
    digest = hashlib.sha256(source.encode()).hexdigest()
    file_id = f"SandboxFile{digest[:40]}" if "." in source else source
    file: Json = {"file_id": file_id, "file_unique_id": f"Sb{digest[:12]}", "file_size": 1024}
    match kind:
        case "photo":
            large = file | {"width": 800, "height": 600}
            small = {"file_id": f"{file_id}s", "file_unique_id": f"Ss{digest[:12]}", "file_size": 512}
            return [small | {"width": 90, "height": 67}, large] if "." in source else [large]
        case "document":
            return {"file_name": "file.pdf", "mime_type": "application/pdf"} | file
        case "video" | "animation":
            return {"width": 800, "height": 600, "duration": 5, "mime_type": "video/mp4"} | file
        case "audio":
            return {"duration": 5, "mime_type": "audio/mpeg"} | file
    return {"duration": 5, "mime_type": "audio/ogg"} | file


def _number_or_text(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.isdecimal() else value


@method("getFile")
def get_file(call: Call) -> Json:
    """Where the file can be downloaded. A file_id is valid for one bot only."""
    file_id = text(call.params, "file_id")
    if not file_id:
        reason = "file_id not specified"
        raise bad_request(reason)
    stored = call.telegram.files.get((call.bot.id, file_id))
    if stored is None:
        reason = "invalid file_id"
        raise bad_request(reason)
    if len(stored.content) > _MAX_DOWNLOAD_BYTES:
        reason = "file is too big"
        raise bad_request(reason)
    unique, size = f"AgAD{file_id[-10:]}", len(stored.content)
    return {"file_id": file_id, "file_unique_id": unique, "file_size": size, "file_path": stored.path}
