"""The words that our texts name for calling a manager."""

from shared.support import escalation, texts
from shared.support.conversations import Desk


def calling_words(desk: Desk) -> str | None:
    """Words that call a manager of the desk; None where those that we name call nobody.

    A desk may have other keywords, or no group to call anybody in.
    """
    words = texts.CALL_A_MANAGER.in_(desk.language)
    return words if desk.has_group and escalation.find_keyword(words, desk.keywords) else None
