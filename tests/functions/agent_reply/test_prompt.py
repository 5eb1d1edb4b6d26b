"""What the model is told: templates, their variables, the memory, the question."""

from typing import Any
from uuid import uuid4

import pytest

from functions.agent_reply.prompt import compose
from functions.agent_reply.prompt_context import HistoryMessage, PromptContext, Template
from shared.clients.llm.untrusted_text import NOTE
from shared.errors import HttpProblem
from shared.learning.variables import MAX_SYSTEM_PROMPT


def _composed(
    *templates: Template,
    context: dict[str, Any] | None = None,
    memory: list[HistoryMessage] | None = None,
    is_public: bool = False,
    **track: str,
) -> list[dict[str, str]]:
    return compose(PromptContext(templates, track, memory or []), context or {}, "Как быть?", is_public=is_public)


def _system(*templates: Template, **context: Any) -> str:
    """What the model is told of the templates."""
    return without_note(_composed(*templates, **context)[0]["content"])


def without_note(content: str) -> str:
    """A system prompt without our note on the marks of lines."""
    assert content.startswith(f"{NOTE}\n\n")
    return content.removeprefix(f"{NOTE}\n\n")


def _template(content: str, **variables: Any) -> Template:
    return Template(str(uuid4()), 1, content, variables)


def test_without_templates_the_prompt_is_the_question_alone() -> None:
    assert _composed() == [{"role": "user", "content": "> Как быть?"}]


def test_templates_become_one_system_prompt_in_their_order() -> None:
    system, _ = _composed(_template("Общее."), _template("О курсе."))

    assert system == {"role": "system", "content": f"{NOTE}\n\nОбщее.\n\nО курсе."}


def test_a_variable_takes_the_tracks_value_before_the_callers_and_that_before_the_default() -> None:
    template = _template("{{a}} {{ b }} {{track_goal}}", a="умолчание", b="умолчание", track_goal="умолчание")

    context = {"b": "звонящий", "track_goal": "звонящий"}

    assert _system(template, context=context, track_goal="курс") == "умолчание звонящий курс"


@pytest.mark.parametrize("is_public", [False, True])
def test_what_the_track_says_of_itself_is_nobody_elses_to_say_without_a_session_either(*, is_public: bool) -> None:
    template = _template("{{track_title}}", track_title="без курса")

    prompt = _composed(template, context={"track_title": "Свободный помощник"}, is_public=is_public)

    assert without_note(prompt[0]["content"]) == "без курса"
    assert prompt[1]["content"] == "Контекст:\n> track_title: Свободный помощник"


LEVEL = {"default": "начинающий", "values": ["начинающий", "опытный", 3, True]}


@pytest.mark.parametrize("is_public", [False, True])
@pytest.mark.parametrize(
    ("given", "said"),
    [("опытный", "опытный"), (3, "3"), (True, "да"), ("любой", "начинающий"), ("опытный ", "начинающий")],
)
def test_of_declared_values_anybody_chooses_one_and_what_is_none_of_them_stands_beside(
    *, given: object, said: str, is_public: bool
) -> None:
    prompt = _composed(_template("{{level}}", level=LEVEL), context={"level": given}, is_public=is_public)

    assert without_note(prompt[0]["content"]) == said
    beside = f"Контекст:\n> level: {given}".rstrip()
    assert [message["content"] for message in prompt[1:-1]] == ([] if said != "начинающий" else [beside])


def test_a_public_callers_value_of_a_free_variable_stands_beside_the_question_and_is_named_in_the_prompt() -> None:
    template = _template("Имя: {{name}}, город: {{city}}", name=None, city="не указан")

    prompt = _composed(template, context={"name": "Ника"}, is_public=True)

    assert without_note(prompt[0]["content"]) == "Имя: [name], город: не указан"
    assert prompt[1] == {"role": "user", "content": "Контекст:\n> name: Ника"}


def test_what_one_template_takes_and_another_only_names_stands_beside_the_question_too() -> None:
    both = _template("{{level}}", level=LEVEL), _template("{{level}}", level="")

    prompt = _composed(*both, context={"level": "опытный"}, is_public=True)

    assert without_note(prompt[0]["content"]) == "опытный\n\n[level]"
    assert prompt[1]["content"] == "Контекст:\n> level: опытный"


def test_a_value_of_several_lines_names_nothing_else() -> None:
    [beside, _] = _composed(context={"решение": "select 1\nпопытка: 1", "попытка": 4})

    assert beside["content"] == "Контекст:\n> решение: select 1\n>   попытка: 1\n> попытка: 4"


@pytest.mark.parametrize(
    ("variables", "is_public"), [({}, True), ({"level": {"values": ["а", "б"]}}, True), ({"level": None}, False)]
)
def test_a_variable_that_must_be_given_is_named_with_its_values(*, variables: dict[str, Any], is_public: bool) -> None:
    with pytest.raises(HttpProblem) as refused:
        _composed(_template("Уровень: {{level}}", **variables), is_public=is_public)

    assert (refused.value.status, refused.value.reason) == (422, "missing_variable")
    assert ("one of: а, б" in refused.value.detail) == bool(variables.get("level"))


def test_what_only_a_session_gives_is_not_asked_of_the_context() -> None:
    with pytest.raises(HttpProblem) as refused:
        _composed(_template("{{track_title}}"), context={"track_title": "Курс"})

    assert refused.value.status == 422
    assert "session_id" in refused.value.detail


@pytest.mark.parametrize("content", ["{{roadmap}}" * 300, "а" * (MAX_SYSTEM_PROMPT + 1)])
def test_a_system_prompt_that_grew_too_long_is_refused_before_it_is_made(content: str) -> None:
    with pytest.raises(HttpProblem) as refused:
        _composed(_template(content), roadmap="шаг\n" * 1000)

    assert (refused.value.status, refused.value.reason) == (502, "prompt_too_long")
    assert str(MAX_SYSTEM_PROMPT) in refused.value.detail


@pytest.mark.parametrize("variables", [{"level": None}, {}], ids=["declared without a default", "not declared"])
def test_a_variable_without_a_value_is_named(variables: dict[str, Any]) -> None:
    with pytest.raises(HttpProblem) as refused:
        _composed(_template("Уровень: {{level}}", **variables))

    assert refused.value.status == 422
    assert "context.level" in refused.value.detail


def test_placeholders_in_a_value_are_not_filled() -> None:
    assert _system(_template("{{a}}"), context={"a": "{{b}}"}) == "{{b}}"


@pytest.mark.parametrize(
    ("value", "said"), [(True, "да"), (False, "нет"), (3, "3"), (0.5, "0.5"), ("слово", "слово")], ids=str
)
def test_values_are_written_as_people_write_them(value: object, said: str) -> None:
    assert _system(_template("{{a}}"), context={"a": value}) == said


def test_context_that_no_template_names_is_a_user_message_and_no_instruction() -> None:
    memory = [HistoryMessage("assistant", "Здравствуйте")]
    context = {"name": "SQL", "задание": "JOIN", "попытка": 3}

    prompt = _composed(_template("Курс {{name}}."), context=context, memory=memory)

    assert [(message["role"], message["content"]) for message in prompt] == [
        ("system", f"{NOTE}\n\nКурс SQL."),
        ("assistant", "Здравствуйте"),
        ("user", "Контекст:\n> задание: JOIN\n> попытка: 3"),
        ("user", "> Как быть?"),
    ]


def test_the_history_stands_between_the_system_prompt_and_the_question() -> None:
    memory = [
        HistoryMessage("user", "Привет"),
        HistoryMessage("assistant", "Здравствуйте"),
        HistoryMessage("tool", "Тест упал"),
    ]

    prompt = _composed(_template("Общее."), memory=memory)

    assert [(message["role"], message["content"]) for message in prompt] == [
        ("system", f"{NOTE}\n\nОбщее."),
        ("user", "> Привет"),
        ("assistant", "Здравствуйте"),
        ("user", "> Тест упал"),
        ("user", "> Как быть?"),
    ]


def test_a_question_that_the_front_end_has_stored_already_is_asked_once() -> None:
    prompt = _composed(memory=[HistoryMessage("assistant", "Здравствуйте"), HistoryMessage("user", "Как быть?")])

    assert [message["content"] for message in prompt] == ["Здравствуйте", "> Как быть?"]


def test_the_same_question_of_an_earlier_turn_stays() -> None:
    prompt = _composed(memory=[HistoryMessage("user", "Как быть?"), HistoryMessage("assistant", "Вот так")])

    assert [message["content"] for message in prompt] == ["> Как быть?", "Вот так", "> Как быть?"]
