"""Texts for a language model, as people give them: from a file or from standard input."""

import sys
from pathlib import Path

from infra.admin.errors import AdminError
from infra.cli.output import console

MAX_LENGTH = 65536


def read(file: Path | None) -> str:
    """The text in `file`, else the one on standard input. Raises Failure."""
    try:
        text = (file.read_bytes() if file else sys.stdin.buffer.read()).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise AdminError("the text is not UTF-8", "save it again as UTF-8") from None
    return checked(text)


def checked(text: str) -> str:
    """`text` without what stands around it. Raises Failure."""
    text = text.replace("\r\n", "\n").strip()
    if not 1 <= len(text) <= MAX_LENGTH or "\0" in text:
        raise AdminError(f"a prompt has 1 to {MAX_LENGTH} characters, not {len(text)}", "correct the text")
    return text


def say_aside(text: str) -> None:
    """Print a line beside a text that may be going into a file."""
    console(stderr=True).print(text, markup=False, soft_wrap=True)
