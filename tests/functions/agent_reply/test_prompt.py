"""What the model is told: templates, their variables, the memory, the question."""

from typing import Any
from uuid import uuid4

import pytest

from functions.agent_reply.prompt import compose
from functions.agent_reply.prompt_context import HistoryMessage, PromptContext, Template
from shared.errors import HttpProblem


def _composed(
    *templates: Template,
    context: dict[str, Any] | None = None,
    memory: list[HistoryMessage] | None = None,
    **track: str,
) -> list[dict[str, str]]:
    return compose(PromptContext(templates, track, memory or []), context or {}, "Как быть?")


def _template(content: str, **variables: Any) -> Template:
    return Template(str(uuid4()), 1, content, variables)


def test_without_templates_the_prompt_is_the_question_alone() -> None:
    assert _composed() == [{"role": "user", "content": "Как быть?"}]


def test_templates_become_one_system_prompt_in_their_order() -> None:
    system, _ = _composed(_template("Общее."), _template("О курсе."))

    assert system == {"role": "system", "content": "Общее.\n\nО курсе."}


def test_a_variable_takes_the_tracks_value_before_the_callers_and_that_before_the_default() -> None:
    template = _template("{{a}} {{ b }} {{c}}", a="умолчание", b="умолчание", c="умолчание")

    [system, _] = _composed(template, context={"b": "звонящий", "c": "звонящий"}, c="курс")

    assert system["content"] == "умолчание звонящий курс"


@pytest.mark.parametrize("variables", [{"level": None}, {}], ids=["declared without a default", "not declared"])
def test_a_variable_without_a_value_is_named(variables: dict[str, Any]) -> None:
    with pytest.raises(HttpProblem) as refused:
        _composed(_template("Уровень: {{level}}", **variables))

    assert refused.value.status == 422
    assert "context.level" in refused.value.detail


def test_placeholders_in_a_value_are_not_filled() -> None:
    [system, _] = _composed(_template("{{a}}"), context={"a": "{{b}}"})

    assert system["content"] == "{{b}}"


@pytest.mark.parametrize(
    ("value", "said"), [(True, "да"), (False, "нет"), (3, "3"), (0.5, "0.5"), ("слово", "слово")], ids=str
)
def test_values_are_written_as_people_write_them(value: object, said: str) -> None:
    [system, _] = _composed(_template("{{a}}"), context={"a": value})

    assert system["content"] == said


def test_context_that_no_template_names_is_a_user_message_and_no_instruction() -> None:
    memory = [HistoryMessage("assistant", "Здравствуйте")]
    context = {"name": "SQL", "задание": "JOIN", "попытка": 3}

    prompt = _composed(_template("Курс {{name}}."), context=context, memory=memory)

    assert [(message["role"], message["content"]) for message in prompt] == [
        ("system", "Курс SQL."),
        ("assistant", "Здравствуйте"),
        ("user", "Контекст:\n- задание: JOIN\n- попытка: 3"),
        ("user", "Как быть?"),
    ]


def test_the_history_stands_between_the_system_prompt_and_the_question() -> None:
    memory = [
        HistoryMessage("user", "Привет"),
        HistoryMessage("assistant", "Здравствуйте"),
        HistoryMessage("tool", "Тест упал"),
    ]

    prompt = _composed(_template("Общее."), memory=memory)

    assert [(message["role"], message["content"]) for message in prompt] == [
        ("system", "Общее."),
        ("user", "Привет"),
        ("assistant", "Здравствуйте"),
        ("user", "Тест упал"),
        ("user", "Как быть?"),
    ]


def test_a_question_that_the_front_end_has_stored_already_is_asked_once() -> None:
    prompt = _composed(memory=[HistoryMessage("assistant", "Здравствуйте"), HistoryMessage("user", "Как быть?")])

    assert [message["content"] for message in prompt] == ["Здравствуйте", "Как быть?"]


def test_the_same_question_of_an_earlier_turn_stays() -> None:
    prompt = _composed(memory=[HistoryMessage("user", "Как быть?"), HistoryMessage("assistant", "Вот так")])

    assert [message["content"] for message in prompt] == ["Как быть?", "Вот так", "Как быть?"]
