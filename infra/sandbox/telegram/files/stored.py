"""Files as the server has them: each with an id for one bot, its kind, and what messages say of it."""

from __future__ import annotations

import io
import mimetypes
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PIL import Image

from infra.sandbox.telegram.errors import ApiError, bad_request
from infra.sandbox.telegram.files.measured import measured

if TYPE_CHECKING:
    from infra.sandbox.telegram.models import Json
    from infra.sandbox.telegram.state import Telegram

# Of each kind: the prefix of its file_id, its folder, the suffix of a file without a name.
_KINDS = {
    "photo": ("AgACAgIAAxkB", "photos", ".jpg"),
    "document": ("BQACAgIAAxkB", "documents", ""),
    "video": ("BAACAgIAAxkB", "videos", ".mp4"),
    "audio": ("CQACAgIAAxkB", "music", ".mp3"),
    "voice": ("AwACAgIAAxkB", "voice", ".oga"),
    "animation": ("CgACAgIAAxkB", "animations", ".mp4"),
}
KINDS = tuple(_KINDS)
_MIMES = {"video": "video/mp4", "animation": "video/mp4", "audio": "audio/mpeg", "voice": "audio/ogg"}
_MAX_PHOTO_BYTES = 10 * 1024 * 1024
_MAX_PHOTO_SIDES, _MAX_PHOTO_RATIO = 10_000, 20  # the sum of width and height; the longer side by the shorter
_SMALL_SIDE = 90
_THUMBNAIL_SIDE = 320
_ABOUT = ("name", "mime", "thumbnail")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file: its file_path, its bytes, and the object that a message has of it."""

    path: str
    content: bytes
    kind: str = "document"
    shown: Any = None


def put(telegram: Telegram, bot: int, kind: str, content: bytes, **about: Any) -> Json | list[Json]:
    """Store a file that is sent as `kind`; what messages say of it. Raises ApiError for what is no picture.

    `about`: name, mime, thumbnail (bytes), and the fields that belong to the kind (duration, width, …).
    """
    if kind == "photo":
        return _photo(telegram, bot, content, str(about.get("name") or ""))
    fields = {key: value for key, value in about.items() if key not in _ABOUT and value is not None}
    described = _described(kind, str(about.get("name") or ""), str(about.get("mime") or ""))
    shown = described | measured(kind, content) | fields
    # Telegram makes one of a picture that comes as a document, whatever was given.
    is_picture = kind == "document" and shown["mime_type"].startswith("image/")
    small = _small(content, _THUMBNAIL_SIDE) if is_picture else about.get("thumbnail")
    if small and (side := _side(small)):
        shown["thumbnail"] = _keep(telegram, bot, "photo", small, side)
    return _keep(telegram, bot, kind, content, shown)


def put_unseen_photo(telegram: Telegram, bot: int, content: bytes) -> list[Json]:
    """Store bytes as a photo of a made-up size, whatever they are."""
    small = _keep(telegram, bot, "photo", content[:100], {"width": 90, "height": 67})
    return [small, _keep(telegram, bot, "photo", content, {"width": 800, "height": 600})]


def same_kind(telegram: Telegram, bot: int, kind: str, file_id: str) -> Any:
    """What messages say of a known file; None: this bot knows no such file. Raises ApiError for one of another kind."""
    stored = telegram.files.get((bot, file_id))
    if stored is None:
        return None
    if stored.kind != kind:
        reason = f"can't use file of type {stored.kind.capitalize()} as {kind.capitalize()}"
        raise bad_request(reason)
    return stored.shown


def unknown(file_id: str) -> ApiError:
    """The refusal of an id that nobody gave out."""
    if not re.fullmatch(r"[A-Za-z0-9_-]+", file_id):
        return bad_request("wrong remote file identifier specified: wrong character in the string")
    if len(file_id) % 4 == 1:
        return bad_request("wrong remote file identifier specified: wrong padding length")
    return bad_request("wrong remote file identifier specified: can't unserialize it. Wrong last symbol")


def _described(kind: str, name: str, mime: str) -> Json:
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    # Nothing is said by the second, and Telegram makes a video of a GIF.
    said = "" if mime == "application/octet-stream" or (kind, mime) == ("animation", "image/gif") else mime
    shown: Json = {"mime_type": said or _MIMES.get(kind) or guessed}
    if name and kind != "voice":
        shown["file_name"] = name
    if kind != "document":
        shown["duration"] = 0
    return shown | ({"width": 320, "height": 240} if kind in ("video", "animation") else {})


def _keep(telegram: Telegram, bot: int, kind: str, content: bytes, more: Json, name: str = "") -> Json:
    prefix, folder, suffix = _KINDS[kind]
    file_id = prefix + secrets.token_urlsafe(45)
    name = name or str(more.get("file_name", ""))
    if not suffix and "." in name:
        suffix = f".{name.rpartition('.')[2]}"
    shown = {"file_id": file_id, "file_unique_id": f"AgAD{file_id[-10:]}", "file_size": len(content)} | more
    telegram.files[bot, file_id] = StoredFile(f"{folder}/file_{len(telegram.files)}{suffix}", content, kind, shown)
    return shown


def _photo(telegram: Telegram, bot: int, content: bytes, name: str) -> list[Json]:
    """The sizes of a picture, the largest last, each under an id of its own that brings all of them."""
    if len(content) > _MAX_PHOTO_BYTES:
        reason = "Request Entity Too Large"
        raise ApiError(413, reason)
    width, height = _size(content)
    if width + height > _MAX_PHOTO_SIDES or max(width, height) > _MAX_PHOTO_RATIO * min(width, height):
        reason = "PHOTO_INVALID_DIMENSIONS"
        raise bad_request(reason)
    sizes = [_keep(telegram, bot, "photo", content, {"width": width, "height": height}, name)]
    if max(width, height) > _SMALL_SIDE and (small := _small(content, _SMALL_SIDE)):
        scale = _SMALL_SIDE / max(width, height)
        side = {"width": max(1, round(width * scale)), "height": max(1, round(height * scale))}
        sizes.insert(0, _keep(telegram, bot, "photo", small, side, name))
    for size in sizes:
        stored = telegram.files[bot, size["file_id"]]
        telegram.files[bot, size["file_id"]] = StoredFile(stored.path, stored.content, "photo", sizes)
    return sizes


def _size(content: bytes) -> tuple[int, int]:
    """Width and height. Raises ApiError for what is no picture."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            return picture.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        reason = "IMAGE_PROCESS_FAILED"
        raise bad_request(reason) from None


def _side(content: bytes) -> Json | None:
    """Width and height; None for what is no picture."""
    try:
        width, height = _size(content)
    except ApiError:
        return None
    return {"width": width, "height": height}


def _small(content: bytes, side: int) -> bytes:
    """A small copy; empty when it is no picture, or cut off."""
    saved = io.BytesIO()
    try:
        with Image.open(io.BytesIO(content)) as picture:
            picture.thumbnail((side, side))
            picture.convert("RGB").save(saved, "JPEG")
    except (OSError, ValueError, SyntaxError):
        return b""
    return saved.getvalue()
