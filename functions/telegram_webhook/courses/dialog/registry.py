"""Screens by name."""

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import cast

from functions.telegram_webhook.courses import screens
from functions.telegram_webhook.courses.dialog.screen import Screen

_GROUPS = {path.stem: path.parent.name for path in Path(screens.__file__ or "").parent.glob("*/[!_]*.py")}
NAMES = frozenset(_GROUPS)


@cache
def find(name: str) -> Screen | None:
    """The screen of that name, loaded when it is first wanted; None: there is none any more."""
    if name not in NAMES:
        return None
    return cast("Screen", import_module(f"{screens.__name__}.{_GROUPS[name]}.{name}"))
