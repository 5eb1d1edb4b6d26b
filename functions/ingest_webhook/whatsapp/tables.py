"""Rows as one parameter of a statement."""

import json
from collections.abc import Iterable, Mapping
from typing import Any


def to_json_rows(given: Iterable[Mapping[str, Any]]) -> str:
    """A JSON array for json_to_recordset; ids and instants as text."""
    return json.dumps(list(given), ensure_ascii=False, default=str)
