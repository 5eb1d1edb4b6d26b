"""Files that gateways write into their bodies in base64 are dropped while the body is read.

The file is fetched by its id later, as if it were not there. A body is bounded twice: by what arrives, and by what is
kept of it.
"""

import asyncio
import re

from starlette.requests import Request

from shared.http import requests

MAX_ARRIVING_BYTES = 40_000_000  # a file of 28 MB in base64, and some room
READ_SECONDS = 20.0  # Evolution waits 30 s for an answer
MIN_FILE_LENGTH = 65_537  # longer than any text that a person can type in WhatsApp
_FEED_BYTES = 65_536
_MAX_ESCAPE = 6  # bytes

# What files consist of: base64 in both alphabets, a data URI before it, and whatever JSON writes escaped in them.
_FILE = re.compile(rb"(?:[A-Za-z0-9+/=_:;,.-]++|\\[/nr]|\\u00[2-7][0-9A-Fa-f])*+")
_CUT_ESCAPE = re.compile(rb"\\(?:u[0-9A-Fa-f]{0,3})?\Z")
_TEXT = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
_WHOLE_STRINGS = re.compile(rb'(?:[^"]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)


async def read_body(request: Request, limit: int, seconds: float = READ_SECONDS) -> bytes:
    """The body without its files, at most `limit` bytes then, if it arrives within `seconds`.

    Raises HttpProblem: 408 when it does not arrive in time, 413 when it is larger, 415 when it is compressed.
    """
    stripper, buffered = InlineFileStripper(), bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in requests.stream_body(request, MAX_ARRIVING_BYTES):
                buffered += chunk
                if len(buffered) > _FEED_BYTES:  # most bodies are smaller and hold no file
                    stripper.feed(bytes(buffered))
                    buffered.clear()
                if len(stripper.kept) > limit:
                    raise requests.too_large(limit)
    except TimeoutError:
        raise requests.too_slow(seconds) from None
    if not stripper.kept:
        return bytes(buffered)
    stripper.feed(bytes(buffered))
    body = stripper.finish()
    if len(body) > limit:
        raise requests.too_large(limit)
    return body


class InlineFileStripper:
    """Empties every string of a JSON text that begins like a file of at least `min_length` bytes.

    The text comes in pieces, cut anywhere. All else stays as it is, byte for byte.
    """

    def __init__(self, min_length: int = MIN_FILE_LENGTH) -> None:
        """`min_length` is counted as it is written, escapes and all."""
        self.kept = bytearray()
        self._min_length = min_length
        self._read = self._between_strings
        self._string_start = 0  # where in `kept` the string begins
        self._rest = b""  # a piece of an escape

    def feed(self, chunk: bytes) -> None:
        """Read on. What is kept grows by `chunk` at most."""
        size = self._min_length - _MAX_ESCAPE  # a string that is whole within such a piece is no file
        for start in range(0, len(chunk), size):
            data, self._rest = self._rest + chunk[start : start + size], b""
            position = 0
            while position < len(data):
                position = self._read(data, position)

    def finish(self) -> bytes:
        """All that was kept, after the last piece."""
        return bytes(self.kept) + self._rest

    def _between_strings(self, data: bytes, position: int) -> int:
        """Up to and into the last string of the piece, unless it is whole."""
        match = _WHOLE_STRINGS.match(data, position)
        assert match, "the expression matches nothing, too"
        end = match.end() + 1
        self.kept += data[position:end]
        if end <= len(data):
            self._string_start, self._read = len(self.kept), self._in_possible_file
        return end

    def _in_possible_file(self, data: bytes, position: int) -> int:
        match = _FILE.match(data, position)
        assert match, "the expression matches nothing, too"
        end = match.end()
        self.kept += data[position:end]
        if len(self.kept) - self._string_start >= self._min_length:
            del self.kept[self._string_start :]
            self._read = self._in_file
        elif _CUT_ESCAPE.match(data, end):
            self._rest = data[end:]
            return len(data)
        elif end < len(data):
            self._read = self._in_text
        return end

    def _in_text(self, data: bytes, position: int) -> int:
        end = self._end_of_text(data, position)
        self.kept += data[position:end]
        return self._close_string(data, end)

    def _in_file(self, data: bytes, position: int) -> int:
        return self._close_string(data, self._end_of_text(data, position))

    def _end_of_text(self, data: bytes, position: int) -> int:
        """Where the string's quote is, or else a lone backslash at the end of `data`, or that end."""
        quote = data.find(b'"', position)
        end = len(data) if quote < 0 else quote
        text = data[position:end]
        backslashes = len(text) - len(text.rstrip(b"\\"))
        if backslashes % 2 == 0:
            return end
        if quote < 0:
            return end - 1
        match = _TEXT.match(data, position)  # ten times slower, but quotes are escaped here, perhaps thousands
        assert match, "the expression matches nothing, too"
        return match.end()

    def _close_string(self, data: bytes, end: int) -> int:
        """After the quote at `end`; a lone backslash there waits for what it escapes."""
        if data[end : end + 1] == b'"':
            self.kept += b'"'
            self._read = self._between_strings
            return end + 1
        self._rest = data[end:]
        return len(data)
