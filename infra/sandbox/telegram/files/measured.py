"""How long a sound or a video is, and how large: read from what MP4 and Ogg files say of themselves."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

_OPUS_RATE = 48_000
_FIXED_POINT = 65_536


def measured(kind: str, content: bytes) -> dict[str, Any]:
    """The duration in seconds, and of a video width and height; empty for what cannot be read."""
    try:
        if kind in ("video", "animation"):
            return _mp4(content)
        return _ogg(content) if kind in ("voice", "audio") else {}
    except (struct.error, IndexError, ZeroDivisionError):
        return {}


def _mp4(content: bytes) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, box in _boxes(content, ("moov", "trak")):
        wide = len(box) > 0 and box[0] == 1  # times of 64 bits
        if name == "mvhd":
            scale, length = struct.unpack_from(">IQ" if wide else ">II", box, 20 if wide else 12)
            found["duration"] = round(length / scale)
        elif name == "tkhd":
            width, height = struct.unpack_from(">II", box, 88 if wide else 76)
            if width and height:
                found |= {"width": width // _FIXED_POINT, "height": height // _FIXED_POINT}
    return found


def _boxes(content: bytes, opened: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """The boxes by their names; those of the first name of `opened` are opened in their place."""
    at = 0
    while at + 8 <= len(content):
        size, name = struct.unpack_from(">I4s", content, at)
        box = content[at + 8 : at + size] if size >= 8 else content[at + 8 :]
        kind = name.decode("latin-1")
        if opened and kind == opened[0]:
            yield from _boxes(box, opened[1:])
        else:
            yield kind, box
        if size < 8:  # until the end, or of 64 bits
            return
        at += size


def _ogg(content: bytes) -> dict[str, Any]:
    last = content.rfind(b"OggS")
    if not content.startswith(b"OggS") or last < 0:
        return {}
    [samples] = struct.unpack_from("<q", content, last + 6)
    vorbis = content.find(b"\x01vorbis", 0, 200)
    rate = struct.unpack_from("<I", content, vorbis + 12)[0] if vorbis >= 0 else _OPUS_RATE
    return {"duration": round(samples / rate)} if samples > 0 else {}
