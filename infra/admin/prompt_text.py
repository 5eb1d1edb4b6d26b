"""Texts for a language model."""

from infra.admin.errors import AdminError

MAX_LENGTH = 65536


def strip_prompt(text: str) -> str:
    """`text` with Unix line ends and no white space around it. Raises AdminError when it is no prompt."""
    text = text.replace("\r\n", "\n").strip()
    if "\0" in text:
        raise AdminError("this is no text: it holds a character that no text has", "give a text file, saved as UTF-8")
    if not 1 <= len(text) <= MAX_LENGTH:
        raise AdminError(f"a prompt has 1 to {MAX_LENGTH} characters, not {len(text)}", "correct the text")
    return text
