"""The data of buttons: what is written can be parsed, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.telegram_webhook.courses.dialog import buttons, registry
from functions.telegram_webhook.courses.dialog.buttons import Pressed
from functions.telegram_webhook.courses.dialog.screen import Audience

AUDIENCES = ("anybody", "member", "staff", "admin")


@given(st.sampled_from(sorted(registry.NAMES)), st.lists(st.integers(0, 10**9), max_size=3))
def test_what_is_written_is_parsed(screen: str, arguments: list[int]) -> None:
    data = buttons.data(screen, "mark", *arguments)

    assert len(data.encode()) <= 64
    assert buttons.parse(data) == Pressed(screen, "mark", ".".join(map(str, arguments)))


@given(st.one_of(st.text(), st.from_regex(r"courses:.*"), st.none(), st.integers()))
def test_anything_is_parsed_or_refused(data: object) -> None:
    pressed = buttons.parse(data)

    assert pressed is None or f"courses:{pressed.screen}:{pressed.action}:{pressed.argument}" == data


@pytest.mark.parametrize("arguments", [("я",), ("1" * 41,), ("a b",), (10**18, 10**18, "p", 10**3)])
def test_data_that_could_not_be_parsed_are_not_written(arguments: tuple[object, ...]) -> None:
    with pytest.raises(ValueError, match="no data of a button"):
        buttons.data("attendance", "mark", *arguments)


@pytest.mark.parametrize(("argument", "count", "numbers"), [
    ("1.2", 2, (1, 2)), ("1.2", 3, None), ("", 1, None), ("1.", 2, None), ("-1", 1, None), ("²", 1, None),
    ("1" * 19, 1, None), ("007", 1, (7,)),
])  # fmt: skip
def test_numbers_are_whole_and_as_many_as_wanted(argument: str, count: int, numbers: tuple[int, ...] | None) -> None:
    assert buttons.numbers(argument, count) == numbers


@pytest.mark.parametrize("name", sorted(registry.NAMES))
def test_every_screen_says_who_may_see_it_and_where_it_leads_back(name: str) -> None:
    screen = registry.find(name)
    assert screen
    audience: Audience = screen.AUDIENCE

    assert audience in AUDIENCES
    assert screen.PARENT in registry.NAMES
    assert len(name) <= 20


def test_there_is_no_screen_of_another_name() -> None:
    assert [registry.find(name) for name in ("", "__init__", "texts", "../handler")] == [None] * 4
