"""How screens write days, times and what a session is called."""

from html import escape

from functions.telegram_webhook.courses import texts
from shared.courses.formats import day, zone
from shared.i18n.texts import Language

__all__ = ["DASH", "day", "session", "title", "zone"]

DASH = "—"


def title(name: str | None, language: Language) -> str:
    """What a session is called, in HTML."""
    return escape(name or session(language))


def session(language: Language) -> str:
    """What a session without a name is called."""
    return texts.SESSION.in_(language)
