"""Server-sent events (WHATWG HTML), from bytes that come split anywhere."""

from collections.abc import Iterator

from shared.clients.llm.completion import ModelError

MAX_LINE_BYTES = 1_000_000
MAX_STREAM_BYTES = 32_000_000  # 300 bytes around each of the longest text's characters still fit


class EventParser:
    """Reads only the data of events: servers of this protocol give them neither names nor ids that matter."""

    def __init__(self) -> None:
        self._line = bytearray()  # as much of it as there is
        self._data: list[bytes] = []
        self._read = 0

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """The data of the events that end in `chunk`. Raises ModelError when there is too much of it."""
        self._read += len(chunk)
        self._line += chunk
        lines: list[bytearray] = []
        if b"\n" in chunk:
            *lines, self._line = self._line.split(b"\n")
        if self._read > MAX_STREAM_BYTES or any(len(line) > MAX_LINE_BYTES for line in (*lines, self._line)):
            raise ModelError("garbage")
        for line in lines:
            if data := self._feed_line(bytes(line).removesuffix(b"\r")):
                yield data

    def _feed_line(self, line: bytes) -> bytes:
        if line:
            # Comments have no name, and fields without data, like "event", change nothing.
            name, _, value = line.partition(b":")
            if name == b"data":
                self._data.append(value.removeprefix(b" "))
            return b""
        data, self._data = b"\n".join(self._data), []
        return data
