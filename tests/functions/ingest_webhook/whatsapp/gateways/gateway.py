"""What each gateway brings, for the tests of what all of them have in common."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from functions.ingest_webhook.whatsapp.message import Kind, Media, Record
from tests.functions.ingest_webhook.whatsapp.bodies import MOMENT, SECONDS

TEXT = "Вы завтра работаете?"
NAME = "Айгерим"
TIMES: list[tuple[Any, Any]] = [(SECONDS, MOMENT), (str(SECONDS), MOMENT)]


@dataclass(frozen=True)
class Gateway:
    """Bodies as a gateway sends them, and what they mean. The customer is JID."""

    parse: Callable[[Any], list[Record]]
    text: Any  # TEXT by NAME at MOMENT
    text_id: str
    text_raw: Any  # what of it is kept
    account: str | None  # as the bodies name it
    addresses: tuple[str, ...]  # the customer's, all that the text names
    own: Any  # TEXT, typed on the desk's phone
    photo: Any
    photo_media: Media
    photo_quotes: str | None
    text_at: Callable[[Any], Any]  # TEXT with another time
    times: list[tuple[Any, Any]]
    kinds: list[tuple[Any, Kind, str]]  # a body, its kind and its text
    reactions: list[tuple[Any, str, str]]  # a body, its emoji and the id that it reacts to
    corrections: list[tuple[Any, str, str | None]]  # a body, the id that it corrects, and the new text; None deletes
    ignored: list[tuple[Any, str | None]]  # a body, and the reason where it matters
    unparsed: list[Any]
    without_id: tuple[Any, Any]  # two messages of one second
    wrappers: list[Callable[[Any], Any]]  # from anything to a body
    damageable: list[Any]


CORRECTED = "В шесть, не в пять"
