"""The parameters of a call, from an outbox row."""

from collections.abc import Mapping
from typing import Any, Protocol

from shared.channels import telegram_html

TEXT_FIELDS = ("text", "caption")


class Renderable(Protocol):
    """What a call is made of."""

    @property
    def method(self) -> str:
        """The Bot API's method."""

    @property
    def payload(self) -> Mapping[str, Any]:
        """Its parameters, without chat and topic."""

    @property
    def chat_id(self) -> int | None:
        """The Telegram chat."""

    @property
    def topic(self) -> str | None:
        """The key of the topic that it belongs into."""

    @property
    def thread_id(self) -> int | None:
        """The topic's thread, once it exists."""

    @property
    def as_text(self) -> bool:
        """Whether its markup was refused before."""


def parameters(message: Renderable) -> dict[str, Any]:
    """What to call the method with, apart from the chat. Raises what a payload of another shape brings about."""
    ready = {**message.payload}
    if message.topic and message.method != "createForumTopic":
        ready["message_thread_id"] = message.thread_id
    if message.as_text and ready.pop("parse_mode", None):
        ready.update({name: telegram_html.strip_tags(ready[name]) for name in TEXT_FIELDS if name in ready})
    if message.as_text:
        ready.pop("entities", None)
        ready.pop("caption_entities", None)
    return ready
