"""When a request that the model has not begun to answer is sent once more."""

import re

from shared.clients.http import HttpResponse, NoResponse
from shared.clients.llm.completion import error_kind

MAX_PAUSE_SECONDS = 1.0  # before the one other try
RECONNECT_SECONDS = 0.3

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


def retry_delay(answer: HttpResponse | NoResponse) -> float | None:
    """Seconds until another try, if the model has surely not begun to answer and the wait is short."""
    if isinstance(answer, NoResponse):
        return RECONNECT_SECONDS if answer.stage == "connect" else None
    if answer.status != 429 or error_kind(answer.fields.get("error"), answer.status) != "rate_limited":
        return None
    resets = [answer.headers.get(f"x-ratelimit-reset-{unit}", "") for unit in ("requests", "tokens")]
    retry_after = answer.headers.get("retry-after")
    pauses = [_seconds(retry_after)] if retry_after else [_seconds(reset) for reset in resets if reset]
    known = [pause for pause in pauses if pause is not None]
    return max(known) if known and len(known) == len(pauses) and max(known) <= MAX_PAUSE_SECONDS else None


def _seconds(duration: str) -> float | None:
    """Seconds in "1", "120ms" or "1m30s"; None for a date, and what else nobody knows."""
    if not re.fullmatch(r"(\d{1,9}(\.\d{1,9})?(ms|s|m|h))+|\d{1,9}(\.\d{1,9})?", duration, re.ASCII):
        return None
    parts = re.findall(r"([\d.]+)(ms|s|m|h)?", duration)
    return sum(float(number) * _UNITS[unit or "s"] for number, unit in parts)
