"""Values as short texts, for findings, reports and tables."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any


def format_value(value: object) -> str:
    """A value on one line: times in local time, "–" for None, and no character that could steer a terminal."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value.astimezone():%Y-%m-%d %H:%M:%S}"
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False, default=json_default)
    return printable(str(value).replace("\n", "·"))


def printable(text: str) -> str:
    """`text` with a dot for every character that could steer a terminal, but for line breaks."""
    return _replace_unprintable(text, lambda _: "·")


def printable_json(document: str) -> str:
    """A JSON document that says the same, with an escape for every character that could steer a terminal."""
    return _replace_unprintable(document, lambda character: json.dumps(character)[1:-1])


def _replace_unprintable(text: str, replace: Callable[[str], str]) -> str:
    if text.replace("\n", "").isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else replace(c) for c in text)


def format_duration(seconds: float) -> str:
    """A duration in the unit that a person would choose."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.2f} s"


def format_count(count: int, most: int) -> str:
    """A count, if it is not beyond `most`."""
    return f"more than {most}" if count > most else str(count)


def json_default(value: object) -> Any:
    """What json.dumps writes for a value that JSON does not have."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "replace")
    return str(value)
