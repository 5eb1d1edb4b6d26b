"""The answers of a form that a customer filled in: JSON, mostly inside a string, under names that its author chose."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from shared.payload import values

_MAX_DEPTH = 4
_MAX_LINES = 100
_TECHNICAL = {
    "flow_token", "flow_id", "flow_name", "flow_version", "flow_message_version", "wa_flow_response_params",
    "saved_address_id", "response_json", "paramsjson",
}  # fmt: skip
_CONTAINERS = {"values", "data", "payload", "params", "response", "answers"}  # their names tell nothing
_TOKEN = re.compile(r'"?(?:flow_token|saved_address_id)"?\s*:\s*"?[^",}\s]*"?\s*,?\s*', re.IGNORECASE)
# Meta's form builder names a field `screen_0_Дата_1` and a choice `0_Окрашивание`.
_BUILT_NAME = re.compile(r"screen_\d+_(.+?)(?:_\d+)?", re.DOTALL)
_BUILT_CHOICE = re.compile(r"\d+_(.+)", re.DOTALL)
_DAY = 86_400_000  # milliseconds
_DATES = range(10**12, 4 * 10**12)  # milliseconds, from 2001 on


def answers(form: Any) -> str:
    """The answers, one a line, `name: answer`; what is no JSON as far as it can be read; "" when there are none."""
    parsed = _parsed(form) if isinstance(form, str) else form
    if isinstance(parsed, dict | list):
        lines = _lines(parsed, "", 0)
        return values.text("\n".join([*lines[:_MAX_LINES], *([values.ELLIPSIS] if len(lines) > _MAX_LINES else [])]))
    return re.sub(r'["{}\[\]]', "", _TOKEN.sub("", values.text(form))).strip(" ,:\n")


def decoded(value: Any) -> Any:
    """What a string with JSON inside holds; anything else as it is."""
    parsed = _parsed(value) if isinstance(value, str) and value.lstrip()[:1] in ("{", "[") else None
    return value if parsed is None else parsed


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _lines(found: dict[str, Any] | list[Any], prefix: str, depth: int) -> list[str]:
    if depth == _MAX_DEPTH:
        return [values.ELLIPSIS]
    lines = []
    for key, value in found.items() if isinstance(found, dict) else enumerate(found):
        name = key if isinstance(key, str) else ""
        if name.lower() in _TECHNICAL:
            continue
        built = _BUILT_NAME.fullmatch(name)
        title = built[1].replace("_", " ") if built else name
        answer = decoded(value)
        if _is_nested(answer):
            container = "" if name.lower() in _CONTAINERS else title
            lines += _lines(answer, values.joined(prefix, container, by=" · "), depth + 1)
        elif words := _words(answer, is_built=built is not None):
            path = values.joined(prefix, title, by=" · ")
            lines.append(f"{path}: {words}" if path else words)
    return lines


def _is_nested(value: Any) -> bool:
    """Whether it has answers of its own inside; a file and a list of plain answers have none."""
    if isinstance(value, list):
        return any(_is_nested(item) for item in value)
    return isinstance(value, dict) and not value.get("file_name")


def _words(value: Any, *, is_built: bool) -> str:
    if isinstance(value, bool):
        return "✅" if value else "❌"
    if isinstance(value, list):
        return values.joined(*(_words(item, is_built=is_built) for item in value))
    if isinstance(value, dict):
        return values.text(value.get("file_name"))
    text = values.text(value).strip()
    if text in {"true", "false"}:
        return "✅" if text == "true" else "❌"
    if re.fullmatch("[0-9]{13}", text) and int(text) in _DATES and int(text) % _DAY == 0:
        return datetime.fromtimestamp(int(text) / 1000, UTC).date().isoformat()
    choice = _BUILT_CHOICE.fullmatch(text) if is_built else None
    return choice[1].replace("_", " ") if choice else text
