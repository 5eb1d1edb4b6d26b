"""What the stand-in says: word rules, and nothing else."""

from __future__ import annotations

import json
import re

MORE = "Подскажите, пожалуйста, подробнее."

_CLASSIFIER = re.compile(r"classifier|классификатор", re.IGNORECASE)
_INTENTS = (
    ("price", 0.93, r"сколько|цена|стоит|прайс"),
    ("booking", 0.9, r"запис|время|свободн|окно"),
    ("question", 0.9, r"адрес|где вы|график|работаете"),
    ("human_request", 0.97, r"человек|оператор|менеджер"),
    ("complaint", 0.9, r"жалоб|возврат"),
    ("greeting", 0.95, r"привет|здравствуйте"),
)
_STEM = 4


def answer(system: str, question: str, *, json_object: bool) -> str:
    """The answer to `question`, as a classifier when the system prompt or the format asks for one."""
    if json_object or _CLASSIFIER.search(system):
        return _intent(question)
    stems = _stems(question)
    facts = [line.strip(" -*•\t") for line in system.splitlines() if ":" in line]
    best = max(facts, key=lambda fact: len(stems & _stems(fact)), default="")
    return f"С удовольствием подскажу. {best}" if stems & _stems(best) else MORE


def _intent(question: str) -> str:
    now = question.rpartition("\n\n")[2]  # of a transcript the part that is to be classified
    for intent, confidence, words in _INTENTS:
        if re.search(words, now, re.IGNORECASE):
            return json.dumps({"intent": intent, "confidence": confidence})
    return json.dumps({"intent": "unknown", "confidence": 0.3})


def _stems(text: str) -> set[str]:
    """The beginnings of its longer words: Russian endings change."""
    words = re.findall(r"[^\W\d_]{4,}", text.casefold().replace("ё", "е"))
    return {word[:_STEM] for word in words}
