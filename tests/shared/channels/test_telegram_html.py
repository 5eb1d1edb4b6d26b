"""Long texts: parts that Telegram takes, that lose no word and no markup, and that people can read."""

import re
import time
from html import escape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.sandbox.telegram.formatting.html import parse_html, utf16
from shared.channels.telegram_html import MAX_CAPTION, MAX_TEXT, length, split, split_plain, strip_tags

FAMILY, FLAG, THUMB, HEART = "👨‍👩‍👧‍👦", "🇰🇿", "👍🏽", "❤️"
OPENINGS = (
    "b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "tg-spoiler", "blockquote",
    "blockquote expandable", 'span class="tg-spoiler"', 'a href="https://example.org/?a=1&amp;b=2>1"',
    "a href='tg://user?id=7'", 'tg-emoji emoji-id="5"', 'code class="language-python"', "B",
)  # fmt: skip


class Reader(HTMLParser):
    """Somebody else's parser, strict about nesting: each visible character with the tags around it."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.seen: list[tuple[str, tuple[str, ...]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.opened.append(f"{tag} {attrs}")

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop().split()[0] == tag

    def handle_data(self, data: str) -> None:
        self.seen += [(character, tuple(self.opened)) for character in data if not character.isspace()]


def read(html: str) -> list[tuple[str, tuple[str, ...]]]:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.opened == []
    return reader.seen


def words(text: str) -> str:
    return re.sub(r"\s", "", text)


def element(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    wrapped = st.builds(lambda tag, text: f"<{tag}>{text}</{tag.split()[0]}>", st.sampled_from(OPENINGS), inside)
    return wrapped | st.lists(inside | wrapped, max_size=4).map("".join)


TEXTS = st.text(st.sampled_from("abвг .!?»\n\n\t<>&\";'😀é\u0301" + FAMILY + FLAG + THUMB + HEART), max_size=40)
WRITTEN = TEXTS.map(escape) | TEXTS.map(lambda text: "".join(f"&#{ord(c)};&#x{ord(c):x};" for c in text[:5]))
HTML = st.recursive(WRITTEN, element, max_leaves=12)
MESS = st.lists(
    st.sampled_from(
        [*(f"<{tag}>" for tag in OPENINGS), "</b>", "</a>", "</pre>", "</>", "</i >", "<p>", "<br/>", "</div>", "<x>",
         "<", ">", "</", "&", "&lt", "&ltx;", "&#0;", "&#xd800;", "&#9999999;", "&nbsp;", '<a href="', "<a href='x"]
    ) | TEXTS,
    max_size=30,
).map("".join)  # fmt: skip
LIMITS = st.integers(2, 60)


@given(HTML, LIMITS, LIMITS | st.none())
def test_each_part_fits_and_is_valid_and_no_word_or_markup_is_lost(html: str, most: int, first: int | None) -> None:
    parts = split(html, most, first)

    assert [
        part for part, limit in zip(parts, [first or most] + [most] * len(parts), strict=False) if length(part) > limit
    ] == []
    assert words("".join(parse_html(part)[0] for part in parts)) == words(parse_html(html)[0])
    assert [seen for part in parts for seen in read(part)] == read(html)


@given(HTML)
def test_the_length_is_what_telegram_counts(html: str) -> None:
    assert length(f"|{html}|") == utf16(parse_html(f"|{html}|")[0])


@given(HTML, LIMITS)
def test_no_part_is_empty_or_has_white_space_at_its_cuts(html: str, most: int) -> None:
    parts = [parse_html(f"|{part}|")[0][1:-1] for part in split(html, most)]
    if len(parts) > 1:
        assert all(parts)
        assert [part.strip() for part in parts] == parts


@given(MESS, LIMITS)
def test_broken_markup_in_a_long_text_is_mended_and_no_word_is_lost(mess: str, most: int) -> None:
    parts = split(f"много {mess}", most)
    if len(parts) > 1:
        shown = words("".join(parse_html(part)[0] for part in parts))
        said = words(strip_tags(f"много {mess}"))
        rest = iter(said)  # also has the addresses of links

        assert [part for part in parts if length(part) > most] == []
        assert all(character in rest for character in shown)
        assert shown == said or "<a" in mess


@given(st.text() | st.text("<>/ab&;='\"# x1"))
def test_plain_words_come_of_anything(mess: str) -> None:
    assert words(strip_tags(mess)) or not words(mess) or "<" in mess


@given(HTML.filter(lambda html: "<a " not in html))
def test_plain_words_are_those_that_telegram_would_show(html: str) -> None:
    assert strip_tags(f"|{html}|") == parse_html(f"|{html}|")[0]


@given(st.text(st.characters(exclude_characters="<&")))
def test_a_text_without_markup_is_its_own_plain_words(text: str) -> None:
    assert strip_tags(text) == text


@given(TEXTS | st.text(), LIMITS, LIMITS | st.none())
def test_text_without_markup_is_cut_the_same_way(text: str, most: int, first: int | None) -> None:
    parts = split_plain(text, most, first)

    assert words("".join(parts)) == words(text)
    assert all(utf16(part) <= limit for part, limit in zip(parts, [first or most] + [most] * len(parts), strict=False))


@given(st.lists(st.text("абв!.", min_size=1, max_size=9), min_size=1), st.sampled_from([" ", "\n", "\n\n", "\r\n"]))
def test_no_word_is_cut_that_needs_not_be(some: list[str], space: str) -> None:
    assert [word for part in split_plain(space.join(some), 20) for word in part.split()] == some


def test_a_text_of_nothing_but_emoji_is_counted_in_utf16() -> None:
    parts = split("😀" * 4096)
    assert parts == ["😀" * 2048] * 2
    assert split("😀" * 2048) == ["😀" * 2048]


@pytest.mark.parametrize("whole", [FAMILY, FLAG, THUMB, HEART, "é̂", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"])
@pytest.mark.parametrize("most", range(20, 30))
def test_what_people_see_as_one_sign_stays_one(whole: str, most: int) -> None:
    for part in [*split(f"<b>{whole * 40}</b>", most), *split_plain("x" + whole * 40, most)]:
        assert set(re.sub(r"</?b>|^x", "", part).split(whole)) == {""}


def test_letters_with_endless_marks_are_cut_all_the_same() -> None:
    assert [len(part) for part in split_plain("a" + "\u0301" * 99, 40)] == [40, 40, 20]


@pytest.mark.parametrize("most", [-1, 0, 1])
def test_a_limit_too_small_for_anything_ends_in_single_characters(most: int) -> None:
    assert split_plain("a😀 b", most) == ["a", "😀", "b"]


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("Первый. Абзац\n\nВторой\nабзац. Дальше", "Первый. Абзац", "Второй\nабзац. Дальше"),
        ("Первый. Абзац\r\n \r\nВторой\r\nабзац. Да", "Первый. Абзац", "Второй\r\nабзац. Да"),
        ("Первая строка.\nВторая. Строка и всё", "Первая строка.", "Вторая. Строка и всё"),
        ("Он сказал: «Да!» И ушёл домой спать", "Он сказал: «Да!»", "И ушёл домой спать"),
        ("Слово за слово и ещё одно слово", "Слово за слово и ещё", "одно слово"),
        ("Ровно двадцать знак и дальше", "Ровно двадцать знак", "и дальше"),
        ("Раз\n\nи длинное предложение", "Раз\n\nи длинное", "предложение"),
        ("Ссылка: https://example.org/очень-длинная", "Ссылка:", "https://example.org/"),
        ("безпробеловбезпробеловбез", "безпробеловбезпробел", "овбез"),
    ],
)
def test_a_cut_is_where_a_reader_would_make_it(text: str, first: str, second: str) -> None:
    most = 25 if "абзац" in text else 20
    assert split_plain(text, most)[:2] == [first, second]
    assert split(f"<i>{text}</i>", most)[:2] == [f"<i>{first}</i>", f"<i>{second}</i>"]


def test_open_tags_are_closed_at_the_cut_and_opened_again_with_their_attributes() -> None:
    html = '<b>Курс <a href="https://example.org/?a=1&amp;b=2">по <i>гончарному</i> делу</a></b> завтра'
    assert split(html, 18) == [
        '<b>Курс <a href="https://example.org/?a=1&amp;b=2">по <i>гончарному</i></a></b>',
        '<b><a href="https://example.org/?a=1&amp;b=2">делу</a></b> завтра',
    ]


def test_a_cut_leaves_no_empty_tags_behind() -> None:
    assert split("<b>один </b><i>два</i>", 4) == ["<b>один</b>", "<i>два</i>"]


def test_a_caption_ends_earlier_than_what_follows_it() -> None:
    html = f"<b>{'слово ' * 1000}</b>"
    assert [length(part) for part in split(html, first=MAX_CAPTION)] == [1019, 4091, 887]
    assert split("x" * MAX_CAPTION, first=MAX_CAPTION) == ["x" * MAX_CAPTION]


@pytest.mark.parametrize("html", ["", " ", "a < b", "<b>открыт", "<b>" + "&lt;" * MAX_TEXT + "</b>", "x" * MAX_TEXT])
def test_a_text_that_fits_comes_back_as_it_is(html: str) -> None:
    assert split(html) == [html]


def test_white_space_alone_is_an_empty_text() -> None:
    assert split(" " * 5000) == split_plain("\n" * 5000) == [""]


def test_broken_markup_becomes_text_or_is_closed() -> None:
    assert split("<b>если a < b и</i> <p>c > d", 7) == ["<b>если a</b>", "<b>&lt; b и</b>", "<b>c &gt; d</b>"]
    assert split("<b><i>один</b> два</i>", 4) == ["<b><i>один</i></b>", "два"]


@pytest.mark.parametrize("sign", ["<", "\u0316", "\u200d", "&"])
def test_a_long_text_of_nothing_but_signs_is_split_in_milliseconds(sign: str) -> None:
    before = time.process_time()

    parts = split(escape(sign * 65_536))

    assert len(parts) == 16
    assert time.process_time() - before < 0.1
