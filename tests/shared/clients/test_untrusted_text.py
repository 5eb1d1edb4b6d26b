"""What people outside wrote, as data in a prompt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clients.llm.untrusted_text import MARK, inert, quote

STRANGE = st.text(
    st.sampled_from("ab <>|[]/\\\n\r\v\f\x1c\x1e\x85\u2028\u2029\u200b\u202e\u200d\uff5cINST"), max_size=40
)


@given(text=STRANGE)
def test_every_line_has_the_mark_wherever_a_line_may_end(text: str) -> None:
    quoted = quote(text)

    assert quoted.splitlines() == quoted.split("\n")
    assert all(line == MARK.rstrip() or line.startswith(MARK) for line in quoted.splitlines())


@given(text=STRANGE)
def test_what_is_inert_stays_as_it_is(text: str) -> None:
    assert inert(inert(f"{text}.")) == inert(f"{text}.")


@pytest.mark.parametrize(
    "text",
    [
        "list |> Enum.map(&(&1 * 2)) <| f",
        "if (a < b && c > d) { x[0] }",
        "<b>жирно</b> и <section> [ссылка](https://example.com) [x]",
        "👩‍💻 и 🏴 می‌خواهم",
        "x\ty",
    ],
)
def test_code_markup_and_emoji_stay_as_they_are(text: str) -> None:
    assert inert(text) == text


def test_a_text_of_nothing_is_a_line_of_nothing() -> None:
    assert (quote(""), quote("\n", "desk> ")) == (">", "desk>")


@pytest.mark.parametrize("text", ["<" * 65_536, "<|" * 32_768, "[/" * 32_768, "<|" + "x" * 65_534, "\n" * 65_536])
def test_no_text_takes_long(text: str) -> None:
    """Each is done in milliseconds; a pattern that looks back would take minutes."""
    assert len(quote(text)) >= len(text)
