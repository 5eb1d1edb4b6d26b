"""Dice, polls and checklists as words, without what changes by itself: votes are not among them."""

from collections.abc import Mapping
from typing import Any

from functions.telegram_webhook.updates.entities import with_links
from shared.payload.values import coerced_integer, integer, items, part

DONE, OPEN = "☑", "☐"


def dice(message: Mapping[str, Any]) -> str:
    """The die and what it shows."""
    found = part(message, "dice")
    value = integer(found.get("value"))
    return "" if value is None else f"{_text(found, 'emoji') or '🎲'} {value}"


def poll(message: Mapping[str, Any]) -> str:
    """The question, its description, and the options."""
    found = part(message, "poll")
    head = [_text(found, "question"), _text(found, "description")]
    options = [_text(part(option), "text") for option in items(found.get("options"))]
    return "\n".join(filter(None, [*head, *(f"• {option}" for option in options if option)]))


def checklist(message: Mapping[str, Any]) -> str:
    """The title and the tasks with their ticks."""
    found = part(message, "checklist")
    tasks = [part(task) for task in items(found.get("tasks"))]
    lines = [f"{DONE if _is_done(task) else OPEN} {_text(task, 'text')}" for task in tasks if _text(task, "text")]
    return "\n".join(filter(None, [_text(found, "title"), *lines]))


def _is_done(task: Mapping[str, Any]) -> bool:
    return bool(coerced_integer(task.get("completion_date")) or "completed_by_user" in task)


def _text(fields: Mapping[str, Any], name: str) -> str:
    return with_links(fields.get(name), fields.get(f"{name}_entities")).strip()
