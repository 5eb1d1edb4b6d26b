"""Values out of JSON that others wrote."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.payload import values

any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
OTHER_TYPES: list[Any] = [None, True, 1, 1.5, [], ["a"], {}, {"a": 1}]


@pytest.mark.parametrize("value", OTHER_TYPES)
def test_a_string_is_a_string_and_nothing_else_is(value: Any) -> None:
    assert values.string(" a\x00") == " a\x00"
    assert values.string(value) == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Привет", "Привет"),
        (" a ", " a "),
        ("a\x00b\ud83d", "ab"),
        (77010000001, "77010000001"),
        (-1, "-1"),
        (43.25, "43.25"),
        (2**63, ""),
        (True, ""),
        (None, ""),
        (["a"], ""),
        ({"a": 1}, ""),
        ("ы" * values.MAX_TEXT, "ы" * values.MAX_TEXT),
        ("ы" * 70_000, "ы" * (values.MAX_TEXT - 1) + "…"),
    ],
)
def test_a_text_is_what_a_person_reads(value: Any, text: str) -> None:
    assert values.text(value) == text


def test_a_text_that_was_cut_can_be_told() -> None:
    assert values.is_cut(values.text("ы" * (values.MAX_TEXT + 1)))
    assert not values.is_cut(values.text("ы" * values.MAX_TEXT))
    assert not values.is_cut("ну…")


@pytest.mark.parametrize(
    ("value", "text"),
    [("  Анна \n Ким ", "Анна Ким"), ("a" * 300, "a" * 254 + "…"), (7, "7"), (" \n", None), ("", None), (None, None)],
)
def test_a_short_text_is_one_line(value: Any, text: str | None) -> None:
    assert values.short_text(value) == text


@pytest.mark.parametrize(
    ("value", "identifier"),
    [(" 3EB0 ", "3EB0"), (501, "501"), ("a" * 255, "a" * 255), ("a" * 256, None), (" ", None), (None, None)],
)
def test_an_identifier_is_never_cut(value: Any, identifier: str | None) -> None:
    assert values.identifier(value) == identifier


@pytest.mark.parametrize(
    ("value", "link"),
    [
        ("https://files.example/1", "https://files.example/1"),
        (" http://files.example/1 ", "http://files.example/1"),
        ("ftp://files.example/1", None),
        ("/mnt/1.jpg", None),
        ("https://files.example/" + "a" * values.MAX_URL, None),
        (1, None),
    ],
)
def test_a_link_can_be_fetched(value: Any, link: str | None) -> None:
    assert values.link(value) == link


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (0, 0), (-(2**63) + 1, -(2**63) + 1), (2**63 - 1, 2**63 - 1), (2**63, None), (10**400, None), (True, None),
        ("1", None), (1.0, None), (None, None), ([1], None),
    ],
)  # fmt: skip
def test_an_integer_is_one_that_fits(value: Any, number: int | None) -> None:
    assert values.integer(value) == number


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (5, 5), (" -5 ", -5), ("007", 7), (True, 1), (False, 0), (" True", 1), ("FALSE", 0), (2**63, None),
        ("9" * 19, None), ("1.5", None), (1.0, None), ("١", None), ("", None), (None, None), ({}, None),
    ],
)  # fmt: skip
def test_an_integer_may_be_coerced_from_a_string_or_a_boolean(value: Any, number: int | None) -> None:
    assert values.coerced_integer(value) == number


@pytest.mark.parametrize("value", [True, 1, 1.0, " 1 ", "true", " TRUE "])
def test_yes_has_many_spellings(value: Any) -> None:
    assert values.flag(value)


@pytest.mark.parametrize("value", [False, 0, 2, "", " 0", "yes", "false", None, [], [True], {"a": 1}])
def test_anything_else_is_no(value: Any) -> None:
    assert not values.flag(value)


def test_a_part_is_an_object_wherever_the_path_ends() -> None:
    value = {"a": {"b": {"c": 1}}, "list": [1]}
    assert values.part(value) == value
    assert values.part(value, "a", "b") == {"c": 1}
    assert values.part(value, "a", "b", "c") == {}
    assert values.part(value, "list", "b") == {}
    assert values.part(value, "missing") == {}
    assert values.part([value], "a") == {}


def test_items_are_a_list_whatever_the_value_is() -> None:
    assert values.items([1, None]) == [1, None]
    assert values.items({"a": 1}) == [{"a": 1}]
    assert values.items("a") == ["a"]
    assert values.items(None) == []


def test_texts_are_joined_and_what_is_none_is_left_out() -> None:
    assert values.joined(" Салон ", None, "", 7, [], "Абая 1") == "Салон, 7, Абая 1"
    assert values.joined("a", "b", by="\n") == "a\nb"
    assert values.joined() == ""


def test_scalars_are_changed_at_every_depth_and_names_too() -> None:
    value = {"a": ["b", {"c": None}], "d": 1}
    assert values.map_scalars(value, lambda scalar: f"<{scalar}>") == {
        "<a>": ["<b>", {"<c>": "<None>"}],
        "<d>": "<1>",
    }
    assert values.map_scalars("a", str.upper) == "A"


@given(any_json)
def test_no_json_breaks_a_reader_and_texts_fit_into_postgres(value: Any) -> None:
    texts = [values.text(value), values.short_text(value), values.identifier(value), values.joined(value, value)]
    for text in texts:
        assert "\x00" not in (text or "")
        (text or "").encode()  # a lone surrogate raises
    number = values.coerced_integer(value)
    assert number is None or abs(number) < 2**63
    values.link(value)
    values.flag(value)
    assert isinstance(values.part(value, "a"), dict)
    assert isinstance(values.items(value), list)


@given(any_json)
def test_a_copy_of_a_value_is_equal(value: Any) -> None:
    copy = values.map_scalars(value, lambda scalar: scalar)
    assert json.dumps(copy) == json.dumps(value)
