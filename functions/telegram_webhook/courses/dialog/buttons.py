"""Buttons, and the data that a press of them brings (shared/courses/callback_data.py): parsed here alone.

Whoever changes their client may send any data, so it says what is wanted, and never who may have it.
"""

import re
from dataclasses import dataclass

from functions.telegram_webhook.courses import texts
from shared.courses import callback_data
from shared.i18n.texts import Language

_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)


@dataclass(frozen=True)
class Button:
    """A button: its text, and what a press of it brings, or the address that it opens."""

    text: str
    data: str = ""
    url: str = ""


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True)
class Pressed:
    """What a button wants."""

    screen: str
    action: str
    argument: str


def data(screen: str, action: str = "open", *arguments: object) -> str:
    """The data of a button; several arguments are joined by dots. ValueError if no press could be parsed."""
    return callback_data.write(screen, action, *arguments)


def parse(pressed: object) -> Pressed | None:
    """What the button wants; None: it is none of these."""
    found = callback_data.PATTERN.fullmatch(pressed) if isinstance(pressed, str) else None
    return Pressed(*found.groups()) if found else None


def numbers(argument: str, count: int) -> tuple[int, ...] | None:
    """The `count` whole numbers of an argument; None: it holds something else."""
    parts = argument.split(".")
    if len(parts) != count or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    return tuple(int(part) for part in parts)


def number(argument: str, otherwise: int = 0) -> int:
    """The one number of an argument, or another."""
    found = numbers(argument, 1)
    return found[0] if found else otherwise


def back(language: Language, screen: str = "home", *arguments: object) -> tuple[Button, ...]:
    """A row that leads back."""
    return (Button(texts.BACK.in_(language), data(screen, "open", *arguments)),)


def pages(language: Language, screen: str, page: int, *, has_next: bool, before: str = "") -> Rows:
    """The row that turns pages, if there is more than one; `before` stands before the page in the argument."""
    row = []
    start = (before,) if before else ()
    if page > 0:
        row.append(Button(texts.EARLIER.in_(language), data(screen, "open", *start, page - 1)))
    if has_next:
        row.append(Button(texts.LATER.in_(language), data(screen, "open", *start, page + 1)))
    return (tuple(row),) if row else ()
