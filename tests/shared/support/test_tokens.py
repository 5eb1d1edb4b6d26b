"""A message as tokens, whatever is written."""

import time

import pytest

from functions.answer_conversations.decide import match
from shared.support.tokens import MAX_TEXT, tokenize, tokenize_all


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Ёлка, ЕЛКА!", ["елка", "елка"]),
        ("и\u0306 й", ["й", "й"]),
        ("ﬁn ﷺ", ["fin", "صلى", "الله", "عليه", "وسلم"]),
        ("қайтар_ыңыз", ["кайтар", "ыныз"]),
        ("№5 ½", ["no5", "1", "2"]),
    ],
)
def test_letters_have_one_spelling(text: str, tokens: list[str]) -> None:
    assert tokenize(text) == tokens


def test_several_texts_are_bounded_together() -> None:
    first, second, third = tokenize_all(["а " * (MAX_TEXT // 2 - 5), "бб " * 10, "в"])

    assert len(first) == MAX_TEXT // 2 - 5
    assert second == ["бб"] * 3 + ["б"]
    assert third == []


def test_what_grows_when_it_is_folded_is_bounded_after_it() -> None:
    assert sum(len(token) for tokens in tokenize_all(["ﷺ" * 1_000] * 20) for token in tokens) <= MAX_TEXT


@pytest.mark.parametrize(
    "text",
    ["ﷺ", "\u0316\u0301", "\u0316\u0301\u0316 ", "оператор\u0301", "человек не ", "не", "верните мне мои "],
    ids=["ligatures", "accents", "words-of-accents", "accented", "keywords", "refusals", "almost"],
)
def test_the_worst_text_costs_milliseconds(text: str) -> None:
    texts = ["а" + (text * 4_000)[:3_999]] * 5
    before = time.process_time()

    match(texts, None)

    assert time.process_time() - before < 0.3
