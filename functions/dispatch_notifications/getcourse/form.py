"""What a student answered in a lesson's form and test (docs/protocols/getcourse.md, Form fields)."""

import json
from typing import Any

from shared.i18n.shorten import shorten
from shared.i18n.texts import Language, Text
from shared.payload import values

MAX_TITLE = 120
# What is read of what a student wrote: no form that people fill in has more, and a message quotes far less.
MAX_FIELDS, MAX_DEPTH, MAX_CHARACTERS = 500, 5, 4_000

TEST = Text(ru="тест {right} из {count}", en="test {right} of {count}")
TEST_POINTS = Text(ru="тест: баллов {points}", en="test: {points} points")

_DELETED = "_useHardDelete"  # GetCourse's own mark in a field that was emptied
_YES, _NO = Text(ru="да", en="yes"), Text(ru="нет", en="no")
_TICKED = {"0", "1", "true", "false", "on", "off", _YES.ru, _YES.en, _NO.ru, _NO.en}


def answers(additional_fields: Any) -> list[str]:
    """«Title: answer» of each field that a person filled in; not of hidden fields and ticked boxes."""
    fields = _parsed(additional_fields)
    if isinstance(fields, dict) and "value" not in fields:  # what PHP makes of a list with gaps
        fields = list(fields.values())
    return [line for field in map(values.part, values.items(fields)[:MAX_FIELDS]) if (line := _line(field))]


def test_result(questionary: Any, language: Language) -> str:
    """How the lesson's test went; "" when there was none."""
    test = values.part(_parsed(questionary))
    if not test:  # most lessons have none
        return ""
    right, count = (values.coerced_integer(test.get(name)) for name in ("right_answers_count", "questions_count"))
    if right is not None and count:
        return TEST.in_(language).format(right=right, count=count)
    points = values.coerced_integer(test.get("points_sum"))
    return "" if points is None else TEST_POINTS.in_(language).format(points=points)


def _line(field: dict[str, Any]) -> str:
    kind = values.string(field.get("type"))
    answer = _answer(field.get("value"))
    if not answer or values.flag(field.get("hidden")):
        return ""
    if (kind == "checkbox" or kind.startswith("goal_")) and answer.lower() in _TICKED:
        return ""
    name = shorten(values.short_text(field.get("title")) or "", MAX_TITLE)
    if kind.startswith("file"):  # what stands there is no name that a person knows
        return f"📎 {name}"
    return f"{name}{'' if name[-1:] in '?:!.…' else ':'} {answer}".strip()


def one_line(text: str) -> str:
    """The beginning of `text`, with single spaces."""
    return " ".join(text[:MAX_CHARACTERS].split())


def _answer(value: Any, depth: int = MAX_DEPTH) -> str:
    if isinstance(value, list):
        parts = (_answer(part, depth - 1) for part in value[:MAX_FIELDS]) if depth else ()
        return ", ".join(filter(None, parts))
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool):
        return str(value).lower()
    answer = one_line(values.text(value))
    return "" if answer.startswith("{") and _DELETED in answer else answer


def _parsed(value: Any) -> Any:
    """JSON that came as text, as from a form."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None
