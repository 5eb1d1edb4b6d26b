"""Files that people name: of what is larger than it may be, or has no end, only so much is read."""

from pathlib import Path
from typing import BinaryIO

from infra.admin.errors import AdminError

MAX_TEXT_BYTES = 5_000_000


def read(file: Path, most: int = MAX_TEXT_BYTES) -> bytes:
    """The content of `file`. Raises AdminError when it has more than `most` bytes, or cannot be read."""
    try:
        with file.open("rb") as opened:
            return read_stream(opened, file.name, most)
    except OSError as error:
        raise AdminError(f"{file.name} cannot be read: {error.strerror}", "see that it is yours") from None


def read_stream(opened: BinaryIO, name: str, most: int = MAX_TEXT_BYTES) -> bytes:
    """All that comes. Raises AdminError when that is more than `most` bytes."""
    content = opened.read(most + 1)
    if len(content) > most:
        raise AdminError(f"{name} is larger than {most // 1_000_000} MB", "see that it is the right file, or split it")
    return content
