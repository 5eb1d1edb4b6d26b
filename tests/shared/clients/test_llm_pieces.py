"""Bytes of a stream, split anywhere: the same text, and no piece that has to be taken back."""

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clients.llm import MAX_TEXT, Completion, Kind, ModelError
from shared.clients.llm.sse import MAX_LINE_BYTES, MAX_STREAM_BYTES
from shared.clients.llm.stream import StreamParser
from shared.payload.postgres_text import without_nul

DONE = b"data: [DONE]\n\n"


def chunk(content: Any = None, finish: Any = None, **more: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": content}, "finish_reason": finish}], **more}


def event(chunk: Any) -> bytes:
    return b"data: %s\n\n" % json.dumps(chunk).encode()


def received(*parts: bytes) -> tuple[list[str], Completion]:
    pieces = StreamParser()
    said = [piece for part in parts for piece in pieces.feed(part)]
    return said, pieces.completion()


def kind_of(*parts: bytes) -> Kind:
    with pytest.raises(ModelError) as caught:
        received(*parts)
    return caught.value.kind


characters = st.sampled_from([*"aя \n\t\x00\u2028🏠\ud83c\udfe0", "", "[DONE]", "data: "])
texts = st.lists(st.lists(characters, max_size=4).map("".join), max_size=8)


@st.composite
def streams(draw: st.DrawFn) -> tuple[list[str], bytes]:
    """Texts, and a stream of them as one server or another may write it."""
    said = draw(texts)
    end, colon = draw(st.sampled_from([b"\n", b"\r\n"])), draw(st.sampled_from([b"data:", b"data: "]))
    lines: list[bytes] = []
    for event in [*map(chunk, said), chunk(None, "stop"), {"choices": [], "usage": {"total_tokens": 3}}]:
        dumped = json.dumps(event, ensure_ascii=draw(st.booleans()), indent=draw(st.sampled_from([None, 1])))
        lines += draw(st.sampled_from([[], [b": ping", b""], [b"event: message"], [b""], [b"data"]]))
        lines += [colon + line.encode(errors="backslashreplace") for line in dumped.split("\n")] + [b""]
    return said, end.join([*lines, b"data: [DONE]", b"", b""])


@given(streams(), st.data())
def test_however_a_stream_is_split_it_says_the_same(stream: tuple[list[str], bytes], data: st.DataObject) -> None:
    texts, body = stream
    cuts = sorted(data.draw(st.sets(st.integers(0, len(body)), max_size=20)))
    parts = [body[start:end] for start, end in pairwise([0, *cuts, len(body)])]
    utf_16 = "".join(texts).encode("utf-16-le", "surrogatepass")
    meant = utf_16.decode("utf-16-le", "ignore").replace("\x00", "").strip()

    if not meant:
        assert kind_of(*parts) == "empty"
        return
    said, whole = received(*parts)
    assert whole == Completion(meant, {"total_tokens": 3})
    assert "".join(said) == meant
    assert all(piece and piece == without_nul(piece) for piece in said)


def test_byte_by_byte_is_a_split_too() -> None:
    body = event(chunk("Да")) + event(chunk(", 🏠")) + event(chunk(None, "stop"))

    assert received(*[bytes([byte]) for byte in body]) == (["Да", ", 🏠"], Completion("Да, 🏠", None))


def test_a_piece_waits_for_nothing_but_white_space_and_half_characters() -> None:
    pieces = StreamParser()
    said = [
        list(pieces.feed(event(chunk(text))))
        for text in (" ", " Да", "", " ", "\n", "и \ud83c", "\udfe0", "\ud83c", "!")
    ]

    assert said == [[], ["Да"], [], [], [], [" \nи"], [" 🏠"], [], ["!"]]


@pytest.mark.parametrize(
    ("ending", "is_all"),
    [
        ([event(chunk("", "stop")), DONE], True),
        ([event(chunk("", "stop"))], True),
        ([event(chunk("", "eos"))], True),
        ([DONE], True),
        ([event(chunk("", ""))], False),
        ([b"data: [DONE]\n"], False),
        ([b": ping\n\n"], False),
        ([], False),
    ],
)
def test_half_of_an_answer_is_none(ending: list[bytes], *, is_all: bool) -> None:
    if is_all:
        assert received(event(chunk("Да.")), *ending) == (["Да."], Completion("Да.", None))
    else:
        assert kind_of(event(chunk("Да.")), *ending) == "no_answer"


def test_after_the_last_word_nothing_counts() -> None:
    pieces = StreamParser()
    said = list(pieces.feed(event(chunk("Да.")) + DONE + b"data: {\n\n" + event(chunk("Нет."))))

    assert (said, pieces.is_over, pieces.completion().text) == (["Да."], True, "Да.")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (chunk("", "length"), "cut"),
        (chunk("Да", "content_filter"), "content_filter"),
        (chunk(7), "garbage"),
        ([], "garbage"),
        ({}, "garbage"),
        ({"choices": None}, "garbage"),
        ({"choices": ["words"]}, "garbage"),
        ({"choices": [{"delta": "words"}]}, "garbage"),
        ({"error": {"message": "words", "code": "insufficient_quota"}}, "quota"),
        ({"error": {"message": "words", "code": "rate_limit_exceeded"}}, "rate_limited"),
        ({"error": {"message": "words", "code": None, "type": "server_error"}}, "server_error"),
        ({"error": {"message": "words", "code": 429}}, "rate_limited"),
        ({"error": {"message": "words", "code": 200}}, "server_error"),
        ({"error": {"message": "words", "code": True}}, "server_error"),
        ({"error": "words", **chunk("", "error")}, "server_error"),
    ],
)
def test_a_chunk_that_ends_it_badly_has_one_word(said: Any, kind: Kind) -> None:
    assert kind_of(event(chunk("Да")), event(said), DONE) == kind


@pytest.mark.parametrize("data", [b"{", b"\xff", b"words", b"[" * 100_000, b'{"choices": []} {"choices": []}'])
def test_data_that_is_no_json_is_garbage(data: bytes) -> None:
    assert kind_of(b"data: " + data + b"\n\n") == "garbage"


def test_a_refusal_without_words_is_the_filters() -> None:
    refused = {"choices": [{"delta": {"content": None, "refusal": "I cannot"}, "finish_reason": None}]}

    assert kind_of(event(refused), event(chunk(None, "stop"))) == "content_filter"


def test_chunks_without_a_delta_or_an_error_are_fine() -> None:
    bare = {"choices": [{"delta": None, "finish_reason": "stop"}], "error": None, "usage": None}

    assert received(event(chunk("Да.", usage={"total_tokens": 1})), event(bare)) == (
        ["Да."],
        Completion("Да.", {"total_tokens": 1}),
    )


@pytest.mark.parametrize("more", [0, 1])
def test_an_answer_is_only_so_long(more: int) -> None:
    pieces = StreamParser()
    said = [piece for _ in range(4) for piece in pieces.feed(event(chunk("я" * (MAX_TEXT // 4))))]
    said += pieces.feed(event(chunk("\n" * 10)))
    assert not pieces.is_over, "the end may still come"
    said += pieces.feed(event(chunk("!" * more, "stop")))

    assert pieces.is_over is bool(more), "nobody reads on"
    assert pieces.completion().text == "".join(said) == "я" * MAX_TEXT


def test_endless_white_space_is_not_kept() -> None:
    spaces = [event(chunk("\n" * 1000))] * (MAX_TEXT // 1000)
    said, whole = received(event(chunk("a")), *spaces, *spaces, event(chunk("b", "stop")))

    assert (len(whole.text), len(said)) == (MAX_TEXT, 2)


def test_a_line_and_a_stream_have_an_end() -> None:
    half = b" " * (MAX_LINE_BYTES // 2)

    assert kind_of(b"data:" + half, half) == "garbage"
    assert kind_of(*([b":" + half + b"\n"] * (MAX_STREAM_BYTES // len(half)))) == "garbage"
