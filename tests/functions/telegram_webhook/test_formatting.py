"""What people format in a message comes back as Telegram's HTML."""

import re
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.telegram_webhook.updates.formatting import to_html
from shared.channels import telegram_html


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(("text", "entities", "html"), [
    ("a < b & c", [], "a &lt; b &amp; c"),
    ("жирно и курсив", [entity("bold", 0, 5), entity("italic", 8, 6)], "<b>жирно</b> и <i>курсив</i>"),
    ("👍 да", [entity("bold", 3, 2)], "👍 <b>да</b>"),
    ("abc", [entity("bold", 0, 3), entity("italic", 1, 1)], "<b>a<i>b</i>c</b>"),
    ("abc", [entity("italic", 0, 3), entity("bold", 0, 3)], "<i><b>abc</b></i>"),
    ("abcd", [entity("bold", 0, 3), entity("italic", 2, 2)], "<b>ab<i>c</i></b>d"),
    ("тут", [entity("text_link", 0, 3, url='https://e.com/?a="1"&b')],
     '<a href="https://e.com/?a=&quot;1&quot;&amp;b">тут</a>'),
    ("Аня", [entity("text_mention", 0, 3, user={"id": 7})], '<a href="tg://user?id=7">Аня</a>'),
    ("цитата", [entity("expandable_blockquote", 0, 6)], "<blockquote expandable>цитата</blockquote>"),
    ("x", [entity("custom_emoji", 0, 1), entity("mention", 0, 1), entity("hashtag", 0, 1)], "x"),
    ("x", [entity("bold", 0, 2), entity("bold", -1, 1), entity("bold", 0, 0), {"type": "bold"}, None, 7], "x"),
    (None, None, ""),
])  # fmt: skip
def test_entities_become_tags(text: object, entities: object, html: str) -> None:
    assert to_html(text, entities) == html


KINDS = st.sampled_from(["bold", "italic", "underline", "spoiler", "code", "pre", "blockquote", "text_link", "mention"])
ENTITIES = st.lists(st.builds(
    lambda kind, offset, length: entity(kind, offset, length, url="https://e.com"),
    KINDS, st.integers(-1, 12), st.integers(-1, 12),
), max_size=6)  # fmt: skip


@given(st.text(st.sampled_from("aя<&\"'> \n"), max_size=12), ENTITIES)
def test_no_word_is_lost_whatever_the_entities_are_and_tags_are_closed(text: str, entities: list[Any]) -> None:
    html = to_html(text, entities)

    assert unescape(re.sub("<[^>]*>", "", html)) == text
    assert telegram_html.length(html) == len(text)
    assert html.count("</") * 2 == html.count("<")
