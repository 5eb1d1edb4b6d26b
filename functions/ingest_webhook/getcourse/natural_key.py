"""What makes a delivery the same as another one. It is made of what came, not of the marks for what cannot be kept."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

_WHITE_SPACE = str.maketrans("", "", " \t\r\n\u00a0")  # as getcourse.normal_text has it: senders differ in line ends


def answer_key(original: Sequence[str | None], stored: Sequence[str | None]) -> str | None:
    """128 bits in hex that stand for an answer's text; None where the unique index finds all in the columns.

    Both are the answer's id, status and text: as they came, and as they are stored.
    """
    if original == stored:
        return None
    parts = [(part or "").translate(_WHITE_SPACE) for part in original]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def account_event_key(event: Mapping[str, Any]) -> str:
    """SHA-256, hex. Twins differ only in `eventType`."""
    fields = {name: value for name, value in event.items() if name != "eventType"}
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()
