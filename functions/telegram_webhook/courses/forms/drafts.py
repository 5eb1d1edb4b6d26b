"""A draft: what of a record was changed and not saved yet. It lies in the dialog's row, over days and releases."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Any

from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.forms.kinds import KINDS, Field, Kind

MAX_FILES = 10  # as many as an album has

_READ: Mapping[str, Callable[[str], object]] = {"day": date.fromisoformat, "time": time.fromisoformat}

Value = str | int | Sequence[str] | None  # JSON's: a day and a time are ISO 8601; files are Telegram's ids


@dataclass(frozen=True)
class Draft:
    """A record of a kind, `id` 0 for a new one, and the values that are not saved yet.

    `asked` is the field that is asked for, `place` its month or page; `is_ending`: whether to end the record is asked.
    """

    kind: Kind
    id: int = 0
    values: Mapping[str, Value] = field(default_factory=dict)
    asked: str = ""
    place: str = ""
    is_ending: bool = False

    @property
    def key(self) -> str:
        """What ties a button to this draft: one of another card must not change this one."""
        return f"{self.kind.name}.{self.id}"

    def ask(self, name: str, place: str = "") -> "Draft":
        """Ask for a field; "": for none."""
        return replace(self, asked=name, place=place, is_ending=False)

    def set(self, name: str, value: Value) -> "Draft":
        """Set a field, and ask for no other."""
        return replace(self.ask(""), values={**self.values, name: value})

    def add_file(self, file_id: str) -> "Draft":
        """Add a further file of the album whose first one was set; what is asked for stays."""
        files = self.values.get("files")
        if not isinstance(files, list) or len(files) >= MAX_FILES:
            return self
        return replace(self, values={**self.values, "files": [*files, file_id]})

    def write(self) -> str:
        """As it is kept."""
        return json.dumps(
            {
                "kind": self.kind.name,
                "id": self.id,
                "values": dict(self.values),
                "asked": self.asked,
                "place": self.place,
                "is_ending": self.is_ending,
            },
            ensure_ascii=False,
        )


def opened(argument: str) -> Draft | None:
    """The draft of which a button names the kind and the id; None: there is no such kind."""
    name, _, identity = argument.partition(".")
    kind = KINDS.get(name)
    return Draft(kind, buttons.number(identity)) if kind else None


def parse(at: str) -> Draft | None:
    """A draft as `write` wrote it, or as a button opens one; None for what is neither, as of an older release."""
    if not at.startswith("{"):
        return opened(at)
    try:
        kept = json.loads(at)
    except ValueError:
        return None
    kind, values = KINDS.get(str(kept.get("kind"))), kept.get("values")
    if kind is None or not isinstance(kept.get("id"), int) or not isinstance(values, dict):
        return None
    return Draft(
        kind,
        kept["id"],
        {name: value for name, value in values.items() if (field := kind.field(name)) and _fits(field, value)},
        str(kept.get("asked", "")) if kind.field(str(kept.get("asked"))) else "",
        str(kept.get("place", "")),
        kept.get("is_ending") is True,
    )


def _fits(field: Field, value: Any) -> bool:
    if value is None:
        return True
    if field.type == "files":
        return isinstance(value, list) and 0 < len(value) <= MAX_FILES and all(isinstance(file, str) for file in value)
    if field.type in ("count", "choice"):
        return isinstance(value, str | int) and not isinstance(value, bool)
    try:
        return isinstance(value, str) and bool(_READ.get(field.type, str)(value))
    except ValueError:
        return False
