"""The language model behind any OpenAI-compatible API: one answer within a deadline, or why there is none."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from shared.channels.outcome import Outcome
from shared.channels.web import Answer, Web
from shared.config import Settings
from shared.storable import storable

LONGEST_TEXT = 64_000
LONGEST_PAUSE_SECONDS = 1.0  # before the one other try
RECONNECT_SECONDS = 0.3

Kind = Literal[
    "not_connected",
    "no_answer",  # the connection broke; perhaps it has thought, and somebody pays for it
    "timeout",
    "rate_limited",
    "quota",  # nobody has paid: no other try helps
    "refused",  # the key, what it may do, or the model
    "bad_request",  # would fail every time
    "server_error",
    "garbage",  # not the protocol
    "empty",
    "content_filter",
    "cut",  # it had more to say than it was allowed to
]

# What an error's code means, wherever the status says less.
_CODES: dict[str, Kind] = {
    **dict.fromkeys(("insufficient_quota", "billing_hard_limit_reached", "billing_not_active"), "quota"),
    **dict.fromkeys(("content_filter", "content_policy_violation"), "content_filter"),
}
_STATUSES: dict[int, Kind] = {
    **dict.fromkeys((401, 403, 404), "refused"),
    402: "quota",
    **dict.fromkeys((408, 409), "server_error"),
    429: "rate_limited",
}
_FINISHES: dict[str, Kind] = {"content_filter": "content_filter", "length": "cut"}
_COUNTS = ("prompt_tokens", "completion_tokens", "total_tokens")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


class ModelFailed(Exception):
    """There is no answer. `kind`, a short constant word for tables and logs, says why."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True)
class Completion:
    """What the model said, fit for Postgres, and what it counted."""

    text: str = field(repr=False)
    usage: Mapping[str, int] | None


class Model:
    """The model that the settings name. It is connected to by the first call."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._web = Web(settings.llm_deadline_seconds)

    @property
    def is_there(self) -> bool:
        """Whether the settings name one."""
        return bool(self._settings.llm_api_url)

    async def complete(
        self, messages: Sequence[Mapping[str, str]], *, json_object: bool = False, most_tokens: int
    ) -> Completion:
        """The model's answer to `messages` (role and content), within the settings' deadline. Raises ModelFailed.

        With `json_object` the text is meant to be a JSON object, and nobody has checked it; some servers want the word
        "JSON" in the messages then.
        """
        if not self.is_there:
            raise ModelFailed("not_connected")
        cleaned = [{"role": one["role"], "content": storable(one["content"])} for one in messages]
        body: dict[str, Any] = {"model": self._settings.llm_model, "messages": cleaned, "max_tokens": most_tokens}
        if json_object:
            body["response_format"] = {"type": "json_object"}
        try:
            async with asyncio.timeout(self._settings.llm_deadline_seconds):
                return await self._asked(body)
        except TimeoutError:
            raise ModelFailed("timeout") from None

    async def close(self) -> None:
        """Close what a call has opened."""
        await self._web.close()

    async def _asked(self, body: Mapping[str, Any]) -> Completion:
        answer = await self._call(body)
        pause = _pause(answer)
        if pause is not None:
            await asyncio.sleep(pause)
            answer = await self._call(body)
        return understood(answer)

    async def _call(self, body: Mapping[str, Any]) -> Answer | Outcome:
        key = self._settings.llm_api_key
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return await self._web.call(
            "POST", f"{self._settings.llm_api_url}/chat/completions", json=body, headers=headers
        )


def _pause(answer: Answer | Outcome) -> float | None:
    """Seconds until another try, if the model has surely not thought yet and the wait is short."""
    if isinstance(answer, Outcome):
        return RECONNECT_SECONDS if answer.error_class == "not_connected" else None
    if answer.status != 429 or _refusal(answer) != "rate_limited":
        return None
    resets = [answer.headers.get(f"x-ratelimit-reset-{what}", "") for what in ("requests", "tokens")]
    said = answer.headers.get("retry-after")
    pauses = [_seconds(said)] if said else [_seconds(reset) for reset in resets if reset]
    known = [pause for pause in pauses if pause is not None]
    return max(known) if known and len(known) == len(pauses) and max(known) <= LONGEST_PAUSE_SECONDS else None


def _seconds(duration: str) -> float | None:
    """Seconds in "1", "120ms" or "1m30s"; None for a date, and what else nobody knows."""
    if not re.fullmatch(r"(\d{1,9}(\.\d{1,9})?(ms|s|m|h))+|\d{1,9}(\.\d{1,9})?", duration, re.ASCII):
        return None
    parts = re.findall(r"([\d.]+)(ms|s|m|h)?", duration)
    return sum(float(number) * _UNITS[unit or "s"] for number, unit in parts)


def understood(answer: Answer | Outcome) -> Completion:
    """The completion that an answer is. Raises ModelFailed."""
    if isinstance(answer, Outcome):
        raise ModelFailed("not_connected" if answer.error_class == "not_connected" else "no_answer")
    if not 200 <= answer.status < 300:
        raise ModelFailed(_refusal(answer))
    fields = answer.fields
    choices = fields.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        raise ModelFailed("garbage")
    content, finish = message.get("content"), choice.get("finish_reason")
    if isinstance(finish, str) and finish in _FINISHES:
        raise ModelFailed(_FINISHES[finish])
    if content is not None and not isinstance(content, str):
        raise ModelFailed("garbage")
    text = storable(content or "").strip()[:LONGEST_TEXT]
    if not text:
        raise ModelFailed("content_filter" if message.get("refusal") else "empty")
    return Completion(text, _usage(fields.get("usage")))


def _refusal(answer: Answer) -> Kind:
    """Why an answer without success is none: its error's code, else its status."""
    error = answer.fields.get("error")
    said = [error.get(name) for name in ("code", "type")] if isinstance(error, dict) else []
    for word in said:
        if isinstance(word, str) and word in _CODES:
            return _CODES[word]
    if answer.status in _STATUSES:
        return _STATUSES[answer.status]
    if 400 <= answer.status < 500:
        return "bad_request"
    return "server_error" if answer.status >= 500 else "garbage"


def _usage(counted: Any) -> dict[str, int] | None:
    if not isinstance(counted, dict):
        return None
    return {name: counted[name] for name in _COUNTS if type(counted.get(name)) is int and 0 <= counted[name] < 2**31}
