"""What the language model is asked about a burst: the customer's intent with its confidence, and an answer."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from functions.answer_conversations.bursts import Burst
from shared import logs
from shared.clients.llm import Model, ModelError
from shared.support.escalation import Classified

MAX_HISTORY = 8000  # characters
CLASSIFIER_TOKENS, ANSWER_TOKENS = 100, 600
# What is read of a classifier, whatever its prompt asks for; some servers want the word JSON, too.
RESPONSE_FORMAT = '\n\nAnswer with a JSON object: {"intent": "…", "confidence": a number from 0 to 1}.'
_OBJECT = re.compile(r"\{.*\}", re.DOTALL)


@dataclass(frozen=True)
class ModelVerdict:
    """Both are None when the model was not asked; `classified` alone, when it is sure that a person is wanted."""

    classified: Classified | None = None
    answer: str | None = None


async def classify(model: Model, burst: Burst) -> Classified | None:
    """The customer's intent; None when the model fails (unavailable, no quota, not the right JSON)."""
    try:
        completion = await model.complete(
            _messages(burst, burst.prompts["classifier"] + RESPONSE_FORMAT),
            json_object=True,
            max_tokens=CLASSIFIER_TOKENS,
        )
    except ModelError as error:
        logs.warning("classifier_failed", kind=error.kind)
        return None
    classified = read_classified(completion.text)
    if classified is None:
        logs.warning("classifier_failed", kind="garbage")
    return classified


async def answer(model: Model, burst: Burst) -> str | None:
    """The bot's answer; None when the model fails."""
    try:
        completion = await model.complete(_messages(burst, burst.prompts["system_prompt"]), max_tokens=ANSWER_TOKENS)
    except ModelError as error:
        logs.warning("model_failed", kind=error.kind)
        return None
    return completion.text


def read_classified(text: str) -> Classified | None:
    """The object in a classifier's answer, however it is wrapped; None when there is none."""
    found = _OBJECT.search(text)
    try:
        fields: Any = json.loads(found[0]) if found else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, Mapping) or not isinstance(fields.get("intent"), str):
        return None
    confidence = _number(fields.get("confidence"))
    intent = "_".join(fields["intent"].lower().split())[:64]
    return Classified(intent, confidence) if intent and confidence is not None and 0 <= confidence <= 1 else None


def _number(value: Any) -> float | None:
    try:
        return None if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        return None


def _messages(burst: Burst, prompt: str) -> list[dict[str, str]]:
    """The prompt, as much of the history as fits into MAX_HISTORY, and the burst as one message."""
    history: list[dict[str, str]] = []
    left = MAX_HISTORY
    for role, content in reversed(burst.history):
        left -= len(content)
        if left < 0:
            break
        history.append({"role": "user" if role == "user" else "assistant", "content": content})
    return [{"role": "system", "content": prompt}, *reversed(history), {"role": "user", "content": burst.transcript}]
