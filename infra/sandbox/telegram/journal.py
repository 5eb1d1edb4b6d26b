"""The calls in their order, without tokens."""

from __future__ import annotations

import json
import time
from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import Any

MAX_ROWS = 200_000


@dataclass(slots=True)
class Attempt:
    """A call before its answer; `pid` is its caller's, from the header x-sandbox-pid."""

    bot: int
    method: str
    chat_id: int | None
    params: dict[str, Any]
    pid: int | None = None


@dataclass(slots=True)
class Row:
    """One call; `at` counts seconds since the start, `unix` since 1970.

    `status` and `raw` are None when a fault left the call without an answer. The answer stays bytes: hundreds of
    thousands of nested dicts would slow every garbage collection down.
    """

    n: int
    at: float
    unix: float
    bot: int
    method: str
    chat_id: int | None
    params: dict[str, Any]
    status: int | None
    raw: bytes | None
    delivered: bool
    pid: int | None

    @property
    def answer(self) -> object:
        """The answer parsed as JSON, else its text."""
        if self.raw is None:
            return None
        try:
            return json.loads(self.raw)
        except ValueError:
            return self.raw.decode("utf-8", "replace")

    def public(self) -> dict[str, Any]:
        """The row as JSON."""
        shown = {
            "n": self.n,
            "at": round(self.at, 6),
            "unix": self.unix,
            "bot": self.bot,
            "method": self.method,
            "chat_id": self.chat_id,
            "params": self.params,
            "status": self.status,
            "answer": self.answer,
            "delivered": self.delivered,
        }
        return shown if self.pid is None else shown | {"pid": self.pid}


class Journal:
    """The last MAX_ROWS calls; `n` counts all."""

    def __init__(self) -> None:
        self._rows: deque[Row] = deque(maxlen=MAX_ROWS)
        self.clear()

    def clear(self) -> None:
        """Remove all rows; counting and time begin again."""
        self._rows.clear()
        self._count = 0
        self._start = time.monotonic()

    def add(self, attempt: Attempt, status: int | None, raw: bytes | None, *, delivered: bool) -> Row:
        """Record a call; its row."""
        self._count += 1
        row = Row(
            n=self._count,
            at=time.monotonic() - self._start,
            unix=time.time(),
            bot=attempt.bot,
            method=attempt.method,
            chat_id=attempt.chat_id,
            params=attempt.params,
            status=status,
            raw=raw,
            delivered=delivered,
            pid=attempt.pid,
        )
        self._rows.append(row)
        return row

    def find(
        self,
        method: str | None = None,
        chat_id: int | None = None,
        bot: int | None = None,
        since: int = 0,
    ) -> list[Row]:
        """The rows after number `since` that match all given conditions."""
        skipped = max(0, since - (self._count - len(self._rows)))
        wanted = method.lower() if method else None
        return [
            row
            for row in islice(self._rows, skipped, None)
            if (wanted is None or row.method.lower() == wanted)
            and (chat_id is None or row.chat_id == chat_id)
            and (bot is None or row.bot == bot)
        ]

    def __len__(self) -> int:
        """The number of rows."""
        return len(self._rows)
