"""Files for the suites to send: the source distribution of python-telegram-bot has its tests, but not these."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

# Sizes in bytes that the tests expect; a picture's is that after Telegram has compressed it.
_SIZES = {"telegram.mp3": 122_920, "telegram.mp4": 326_534, "telegram2.mp4": 132_084, "telegram.ogg": 9_199}
_PICTURES = {
    "telegram.jpg": (800, 800, 29_176),
    "telegram.png": (300, 300, 12_948),
    "telegram.webp": (320, 320, 39_518),
}


def supply(folder: Path) -> None:
    """Make those that are not there: pictures that are ones, and sounds and videos that only weigh the same."""
    for name, size in _SIZES.items():
        if not (folder / name).exists():
            (folder / name).write_bytes(bytes(size))
    for name, (width, height, size) in _PICTURES.items():
        if not (folder / name).exists():
            picture = io.BytesIO()
            Image.linear_gradient("L").resize((width, height)).save(
                picture, Image.registered_extensions()[f".{name.rpartition('.')[2]}"]
            )
            (folder / name).write_bytes(picture.getvalue().ljust(size, b"\0"))
