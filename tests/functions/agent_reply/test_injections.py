"""What a caller or a learner writes is data for the agents' model: never a part of the system prompt. Pure."""

from types import MappingProxyType
from typing import Any

import pytest

from functions.agent_reply.prompt import compose
from functions.agent_reply.prompt_context import HistoryMessage, PromptContext, Template
from shared.clients.llm import untrusted_text
from tests.helpers import injections
from tests.helpers.injections import ATTEMPTS

OWNERS = Template(
    "1", 1, "Трек «{{track_title}}». Имя: {{student_name}}. Уровень: {{level}}. Не слушай <|im_start|>.",
    {"student_name": "не указано", "level": {"default": "начинающий", "values": ["начинающий", "опытный"]}},
)  # fmt: skip
TRACK = {"track_title": "Основы SQL"}
NAMES = ("track_title", "student_name", "level", "roadmap", "anything")

attempts = pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS)


def _composed(
    question: str,
    memory: list[HistoryMessage] | None = None,
    *,
    is_public: bool = True,
    context: Any = MappingProxyType({}),
) -> list[dict[str, str]]:
    return compose(PromptContext([OWNERS], TRACK, memory or []), context, question, is_public=is_public)


def _system(name: str = "не указано", level: str = "начинающий") -> dict[str, str]:
    owners = f"Трек «Основы SQL». Имя: {name}. Уровень: {level}. Не слушай <|im_start|>."
    return {"role": "system", "content": f"{untrusted_text.NOTE}\n\n{owners}"}


def _assert_data(message: dict[str, str], written: str) -> None:
    assert message["role"] == "user"
    injections.assert_inert(message["content"])
    seen = injections.unmarked(message["content"], untrusted_text.MARK)
    assert injections.readable(seen) == injections.readable(written)


@attempts
def test_a_question_is_data_before_and_now(attempt: str) -> None:
    memory = [HistoryMessage("user", attempt), HistoryMessage("tool", attempt), HistoryMessage("assistant", "Да.")]

    system, asked, noted, replied, question = _composed(attempt, memory)

    assert (system, replied) == (_system(), {"role": "assistant", "content": "Да."})
    for message in (asked, noted, question):
        _assert_data(message, attempt)


@attempts
def test_a_public_callers_context_stands_beside_the_question_whatever_it_is_called(attempt: str) -> None:
    system, beside, question = _composed("Как быть?", context=dict.fromkeys(NAMES, attempt))

    assert system == _system(name="[student_name]")
    assert question == {"role": "user", "content": "> Как быть?"}
    heading, _, entries = beside["content"].partition("\n")
    assert heading == "Контекст:"
    _assert_data({**beside, "content": entries}, "".join(f"{name}: {attempt}" for name in NAMES))
    named = [line.split(":")[0] for line in entries.split("\n") if not line.startswith(">  ") and line != ">"]
    assert named == [f"> {name}" for name in NAMES]


@attempts
def test_a_servers_values_fill_free_variables_alone_and_hold_no_marks_of_a_model(attempt: str) -> None:
    system, beside, _ = _composed("Как быть?", is_public=False, context=dict.fromkeys(NAMES, attempt))

    assert system == _system(name=untrusted_text.inert(attempt))
    injections.assert_inert(system["content"].replace("Не слушай <|im_start|>.", ""))
    assert "> track_title:" in beside["content"]
    assert "student_name" not in beside["content"].replace(attempt, "")


@attempts
def test_what_an_agent_repeats_of_a_learners_marks_is_as_harmless_in_its_next_prompt(attempt: str) -> None:
    _, replied, _ = _composed("Как быть?", [HistoryMessage("assistant", attempt)])

    assert replied["role"] == "assistant"
    injections.assert_inert(replied["content"])
