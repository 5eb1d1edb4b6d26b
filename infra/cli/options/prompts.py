"""Texts for a language model, as people give them: from a file or from standard input."""

import sys
from pathlib import Path

from infra.admin.errors import AdminError
from infra.admin.operating import files
from infra.cli.output import console


def read(file: Path | None) -> str:
    """The text in `file`, else the one on standard input. Raises AdminError."""
    try:
        content = files.read(file) if file else files.read_stream(sys.stdin.buffer, "the text")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise AdminError("the text is not UTF-8", "save it again as UTF-8") from None


def say_aside(text: str) -> None:
    """Print a line to stderr, beside a text that may be going into a file."""
    console(stderr=True).print(text, markup=False, soft_wrap=True)
