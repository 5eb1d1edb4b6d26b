"""The forum topic of a customer."""

from uuid import UUID

from shared.delivery.enqueue import Topic
from shared.i18n.shorten import shorten
from shared.i18n.texts import Language
from shared.support import texts

MAX_TITLE = 128  # characters, Telegram's limit
_COLOR = 7322096


def topic_of(user_id: UUID, name: str | None, phone: str | None, language: Language) -> Topic:
    """The customer's topic, named after them."""
    title = " · ".join(part for part in (name, phone and f"+{phone}") if part)
    return Topic(f"support/user/{user_id}", shorten(title, MAX_TITLE) or texts.CUSTOMER.in_(language), _COLOR)
