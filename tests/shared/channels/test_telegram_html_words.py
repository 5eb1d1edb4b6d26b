"""What people read of a text with markup, and how long it is for Telegram."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.channels.telegram_html import length, strip_tags

FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<b>Жирный</b> и <i>курсив</i>", "Жирный и курсив"),
        ("a &lt; b &amp;amp; &quot;c&quot; &#33;&#x41;&#x1F600;", 'a < b &amp; "c" !A😀'),
        ('<a href="https://example.org/?a=1&amp;b=2">Сайт</a>!', "Сайт (https://example.org/?a=1&b=2)!"),
        ("<A HREF='https://example.org'><b>Сайт</b></A>", "Сайт (https://example.org)"),
        ("<a href=https://example.org>https://example.org</a>", "https://example.org"),
        ("<a>https://example.org</a>", "https://example.org"),
        ('<a href="https://example.org">не закрыта', "не закрыта (https://example.org)"),
        ('<tg-emoji emoji-id="5">👍</tg-emoji><span class="tg-spoiler">тайна</span>', "👍тайна"),
        ('<pre><code class="language-python">if a &lt; b:\n    pass</code></pre>', "if a < b:\n    pass"),
        ("a < b > c, <иван@example.org>, <Имя>, x<-y", "a < b > c, <иван@example.org>, <Имя>, x<-y"),
        ("Раз<br>два<br/>три <img src='x'><sup>2</sup>", "Раз\nдва\nтри 2"),
        ("<b>x</i></b></></a>", "x"),
        ("&nbsp; &LT; &lta; &#0; &#X41; &#xD800; &#55296; &#99999999;",) * 2,
        ("\ud800<b>\udc00</b>", "\ud800\udc00"),
        ('<a href="незакрытая>x</a>', '<a href="незакрытая>x'),
    ],
)
def test_plain_words(html: str, words: str) -> None:
    assert strip_tags(html) == words


@pytest.mark.parametrize(
    ("html", "units"),
    [("", 0), ("abc", 3), ("😀", 2), ("&lt;&#128512;", 3), ("<b>a</b>", 1), ("\ud800", 1), (FAMILY, 11)],
)
def test_lengths(html: str, units: int) -> None:
    assert length(html) == units


@given(st.text("<>&;\"'ltgamp# x") | st.text())
def test_what_was_escaped_is_read_as_it_was(text: str) -> None:
    assert strip_tags(escape(text)) == text
