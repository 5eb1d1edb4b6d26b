"""Files inside of bodies are dropped while they are read."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from functions.ingest_webhook import inline_files
from functions.ingest_webhook.inline_files import MAX_ARRIVING_BYTES, MIN_FILE_LENGTH, InlineFileStripper
from shared.errors import HttpProblem
from tests.functions.ingest_webhook.properties import thorough

MIN = 24  # of the files in the properties below
FILE = "\ue000"  # stands for a file until it is written

texts = st.text(max_size=30).map(lambda text: f"{text} ") | st.text(max_size=MIN // 6 - 1)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts | st.sampled_from(["\\", '"', "\x00", "\ud83d", 'a\\"', FILE]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=10,
)
files = st.binary(min_size=MIN, max_size=300).map(lambda data: base64.b64encode(data).decode())
spellings = st.sampled_from(
    [
        lambda text: text,
        lambda text: text.replace("/", "\\/"),
        lambda text: text.replace("+", "\\u002B").replace("=", "\\u003d"),
        lambda text: "\\r\\n".join(text[n : n + 20] for n in range(0, len(text), 20)),
        lambda text: text.replace("+", "-").replace("/", "_").rstrip("="),
        lambda text: f"data:image/jpeg;base64,{text}",
    ]
)


def stripped(body: bytes, cuts: list[int], min_length: int = MIN) -> bytes:
    """What is kept of `body` when it comes in pieces."""
    stripper = InlineFileStripper(min_length)
    edges = sorted({0, len(body), *(cut % (len(body) + 1) for cut in cuts)})
    for start, end in pairwise(edges):
        stripper.feed(body[start:end])
    return stripper.finish()


@thorough
@given(
    content=json_values,
    file=files,
    spell=spellings,
    ascii_only=st.booleans(),
    indent=st.sampled_from([None, 1]),
    cuts=st.lists(st.integers(0, 5000), max_size=12),
)
def test_the_rest_is_what_it_would_be_with_empty_strings_for_files(
    content: Any, file: str, spell: Any, *, ascii_only: bool, indent: int | None, cuts: list[int]
) -> None:
    written = json.dumps(content, ensure_ascii=ascii_only, indent=indent)
    mark = json.dumps(FILE, ensure_ascii=ascii_only)
    body = written.replace(mark, f'"{spell(file)}"').encode("utf-8", "surrogatepass")
    expected = written.replace(mark, '""').encode("utf-8", "surrogatepass")

    assert stripped(body, cuts) == expected
    assert stripped(body, list(range(len(body)))) == expected
    assert json.loads(expected) == json.loads(written.replace(mark, '""'))


@thorough
@given(body=st.binary(max_size=200), cuts=st.lists(st.integers(0, 200), max_size=8))
def test_bytes_that_hold_no_file_stay_whatever_they_are(body: bytes, cuts: list[int]) -> None:
    assert stripped(body, cuts, 1000) == body


@pytest.mark.parametrize("cut", range(1, 12))
def test_an_escape_may_be_cut_anywhere(cut: int) -> None:
    file = "QUJD" * 10
    body = f'{{"a":"{file}\\u003d\\/","b":"\\u0410\\\\","c":"{file}\\\\\\""}}'.encode()

    assert stripped(body, list(range(0, len(body), cut))) == b'{"a":"","b":"\\u0410\\\\","c":""}'


def test_a_text_as_long_as_a_person_can_type_stays() -> None:
    body = json.dumps({"text": "a" * 65_536}).encode()

    assert stripped(body, [], MIN_FILE_LENGTH) == body


class Arriving:
    """A request whose body comes in pieces; how far it was read."""

    def __init__(self, pieces: AsyncIterator[bytes], **headers: str) -> None:
        self.read = 0
        self._pieces = pieces
        scope = {"type": "http", "headers": [(name.encode(), value.encode()) for name, value in headers.items()]}
        self.request = Request(scope, self._receive)

    async def _receive(self) -> dict[str, Any]:
        piece = await anext(self._pieces, b"")
        self.read += len(piece)
        return {"type": "http.request", "body": piece, "more_body": bool(piece)}


async def pieces(*parts: bytes, piece: int = 65_536) -> AsyncIterator[bytes]:
    for part in parts:
        for start in range(0, len(part), piece):
            yield part[start : start + piece]


@pytest.mark.parametrize("piece", [1_000, 65_536, 10**8])
async def test_a_body_with_a_large_file_is_read_without_it(piece: int) -> None:
    begin, file, end = b'{"caption":"\xd0\xb0 b","base64":"', b"QUFB" * 1_500_000, b'","id":"1"}'

    body = await inline_files.read_body(Arriving(pieces(begin, file, end, piece=piece)).request, 100_000)

    assert body == begin + end


async def test_a_body_that_is_larger_without_its_files_is_refused_while_it_arrives() -> None:
    arriving = Arriving(pieces(b'"' + b"a b " * 1_000_000))

    with pytest.raises(HttpProblem) as refused:
        await inline_files.read_body(arriving.request, 100_000)

    assert (refused.value.status, arriving.read < 400_000) == (413, True)


async def test_what_arrives_is_bounded_whatever_is_kept_of_it() -> None:
    file = [b'"', *[b"A" * 1_000_000] * (MAX_ARRIVING_BYTES // 1_000_000)]
    declared = {"content-length": str(MAX_ARRIVING_BYTES + 1)}
    for arriving in (Arriving(pieces(*file, piece=10**7)), Arriving(pieces(b""), **declared)):
        with pytest.raises(HttpProblem) as refused:
            await inline_files.read_body(arriving.request, 100_000)
        assert refused.value.status == 413


async def test_a_body_that_does_not_come_to_its_end_is_refused() -> None:
    async def stalling() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    with pytest.raises(HttpProblem) as refused:
        await inline_files.read_body(Arriving(stalling()).request, 1000, seconds=0.01)
    assert refused.value.status == 408


async def test_a_compressed_body_is_refused() -> None:
    with pytest.raises(HttpProblem) as refused:
        await inline_files.read_body(Arriving(pieces(b"{}"), **{"content-encoding": "gzip"}).request, 1000)
    assert refused.value.status == 415
