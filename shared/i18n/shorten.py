"""Texts cut to the room there is, with an ellipsis that says so."""

from collections.abc import Callable

ELLIPSIS = "…"


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, the ellipsis among them."""
    return text if len(text) <= limit else f"{text[: limit - 1]}{ELLIPSIS}"


def shorten_at_word(text: str, limit: int) -> str:
    """At most `limit` characters of the text and an ellipsis, cut between two words where there is such a place."""
    return text if len(text) <= limit else f"{text[:limit].rsplit(' ', 1)[0].rstrip('.,;:')}{ELLIPSIS}"


def shorten_to_fit(text: str, fits: Callable[[str], bool]) -> str:
    """The longest beginning that `fits` together with its ellipsis; the ellipsis alone when nothing does."""
    if fits(text):
        return text
    length = next((length for length in range(len(text), 0, -1) if fits(text[:length] + ELLIPSIS)), 0)
    return text[:length].rstrip() + ELLIPSIS
