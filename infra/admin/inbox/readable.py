"""Bodies and queries of deliveries as a person can read them, without what is nobody's business."""

import json
import re
from typing import Any
from urllib.parse import parse_qsl

from shared import logs, masking

_SECRET_NAME = re.compile(r"(?i)secret|token|api_?key|password|authorization|cookie|^(k|key)$")
_WRITTEN_PHONE = re.compile(r"(?<!\d)8[ (-]+\d{3}[\d ()-]{6,}\d")  # as people type it without the country
_FORM = re.compile(rb"[^\s=&{}<>]+=[^\s{}<>]*")
_HIDDEN = "(hidden; --whole shows it)"


def readable(content: bytes, *, whole: bool) -> Any:
    """JSON as it is, a form as its fields, anything else as text; secrets, phones and e-mails masked unless `whole`."""
    value = _parse(content)
    return value if whole else _masked(value)


def _parse(content: bytes) -> Any:
    text = content.decode("utf-8", "backslashreplace")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    if _FORM.fullmatch(content):
        return dict(parse_qsl(text, keep_blank_values=True, errors="backslashreplace"))
    return text


def _masked(value: Any) -> Any:
    if isinstance(value, dict):
        return {_text(name): _HIDDEN if _SECRET_NAME.search(name) else _masked(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_masked(item) for item in value]
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int) and not isinstance(value, bool):
        text = str(value)
        masked = _text(text)
        return value if masked == text else masked
    return value


def _text(text: str) -> str:
    """The text without secrets; of a phone number its last four digits, of e-mails and usernames the first letter."""
    return _WRITTEN_PHONE.sub(lambda found: masking.mask_phone(found[0]), logs.redact(text))
