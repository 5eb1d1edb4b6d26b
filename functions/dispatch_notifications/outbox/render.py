"""The parameters of a call, from an outbox row."""

from typing import Any

from functions.dispatch_notifications.outbox.attempt import Attempt
from shared.channels import telegram_html

TEXT_FIELDS = ("text", "caption")


def parameters(attempt: Attempt) -> dict[str, Any]:
    """What to call the method with, apart from the chat. Raises what a payload of another shape brings about."""
    ready = {**attempt.payload}
    if attempt.topic and attempt.method != "createForumTopic":
        ready["message_thread_id"] = attempt.thread_id
    if attempt.as_text and ready.pop("parse_mode", None):
        ready.update({name: telegram_html.strip_tags(ready[name]) for name in TEXT_FIELDS if name in ready})
    if attempt.as_text:
        ready.pop("entities", None)
        ready.pop("caption_entities", None)
    return ready
