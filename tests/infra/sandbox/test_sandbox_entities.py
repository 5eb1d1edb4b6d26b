"""HTML markup: what it becomes, and how the server complains."""

from __future__ import annotations

import pytest

from infra.sandbox.telegram.errors import ApiError
from infra.sandbox.telegram.formatting.html import parse_html


def test_plain_text_has_no_entities() -> None:
    assert parse_html("Колокол прозвонил") == ("Колокол прозвонил", [])


def test_offsets_count_utf16_units() -> None:
    text, entities = parse_html("🔔 <b>дон</b>")

    assert text == "🔔 дон"
    assert entities == [{"offset": 3, "length": 3, "type": "bold"}]


def test_nested_tags_give_the_outer_entity_first() -> None:
    _, entities = parse_html("<b>a<i>b</i></b>")

    assert [entity["type"] for entity in entities] == ["bold", "italic"]


def test_escaped_characters_come_back() -> None:
    assert parse_html("1 &lt; 2 &amp;&amp; &quot;x&quot; &#1073;")[0] == '1 < 2 && "x" б'


def test_other_named_entities_stay_as_written() -> None:
    assert parse_html("a&nbsp;b")[0] == "a&nbsp;b"


@pytest.mark.parametrize(
    ("source", "entity"),
    [
        (
            '<a href="https://example.test/?a=1&amp;b=2">x</a>',
            {"type": "text_link", "url": "https://example.test/?a=1&b=2"},
        ),
        ('<span class="tg-spoiler">x</span>', {"type": "spoiler"}),
        ("<tg-spoiler>x</tg-spoiler>", {"type": "spoiler"}),
        (
            '<pre><code class="language-python">x</code></pre>',
            {"type": "pre", "language": "python"},
        ),
        ("<blockquote expandable>x</blockquote>", {"type": "expandable_blockquote"}),
        ("<STRONG>x</STRONG>", {"type": "bold"}),
    ],
)
def test_a_tag_becomes_its_entity(source: str, entity: dict[str, str]) -> None:
    assert parse_html(source) == ("x", [{"offset": 0, "length": 1} | entity])


def test_a_link_that_runs_a_script_is_no_link() -> None:
    assert parse_html('<a href="javascript:alert(1)">x</a>') == ("x", [])


def test_outer_white_space_is_cut_off() -> None:
    expected = ("дон", [{"offset": 0, "length": 3, "type": "bold"}])

    assert parse_html("\n <b> дон </b>\n") == expected


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("б<script>x</script>", 'Unsupported start tag "script" at byte offset 2'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("I <3", "Unclosed start tag at byte offset 2"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<b />x</b>", 'Empty attribute name in the tag "b" at byte offset 0'),
        ("<a href=http://x.y>x</a>", "Unexpected end of name token at byte offset 8"),
        ('<tg-emoji emoji-id="x">x</tg-emoji>', "Invalid custom emoji identifier specified"),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_broken_markup_is_refused_in_the_servers_words(source: str, complaint: str) -> None:
    with pytest.raises(ApiError) as refused:
        parse_html(source)

    assert refused.value.description == f"Bad Request: can't parse entities: {complaint}"
