"""Files for the suites to send: the source distribution of python-telegram-bot has its tests, but not these."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

# Sizes in bytes that the tests expect; a picture's is that after Telegram has compressed it.
_SIZES = {
    "telegram.mp3": 122_920, "telegram.mp4": 326_534, "telegram2.mp4": 132_084, "telegram.ogg": 9_199,
    "game.gif": 36_535,
}  # fmt: skip
_PICTURES = {
    "telegram.jpg": (800, 800, 29_176),
    "telegram.png": (300, 300, 12_948),
    "telegram.webp": (320, 320, 39_518),
}


def supply(folder: Path) -> None:
    """Make those that are not there: pictures that are ones; of sounds and videos only what says how long they are."""
    for name, size in _SIZES.items():
        if not (folder / name).exists():
            begin = _mp4(5, 360, 640) if name.endswith(".mp4") else _ogg(3) if name.endswith(".ogg") else b"GIF89a"
            (folder / name).write_bytes(begin.ljust(size, b"\0"))
    for name, (width, height, size) in _PICTURES.items():
        if not (folder / name).exists():
            picture = io.BytesIO()
            Image.linear_gradient("L").resize((width, height)).save(
                picture, Image.registered_extensions()[f".{name.rpartition('.')[2]}"]
            )
            (folder / name).write_bytes(picture.getvalue().ljust(size, b"\0"))


def _mp4(seconds: int, width: int, height: int) -> bytes:
    movie = _box(b"mvhd", bytes(12) + struct.pack(">II", 1, seconds) + bytes(80))
    track = _box(b"tkhd", bytes(76) + struct.pack(">II", width << 16, height << 16))
    return _box(b"ftyp", b"isom") + _box(b"moov", movie + _box(b"trak", track))


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content


def _ogg(seconds: int) -> bytes:
    return b"OggS\0\4" + struct.pack("<q", seconds * 48_000)
