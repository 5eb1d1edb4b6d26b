"""Telegram's sending limits, for bots that have them switched on."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

from infra.sandbox.telegram.errors import too_many_requests

# Of two messages that leave a second apart, the second one may arrive a little early.
_TOLERANCE_SECONDS = 0.05


@dataclass(slots=True)
class Limits:
    """What one bot may send; every window slides."""

    per_second: int = 30
    private_per_second: int = 1
    group_per_minute: int = 20
    _windows: dict[int, deque[float]] = field(default_factory=dict)

    def admit(self, chat_id: int, now: float) -> None:
        """Count a message. Raises ApiError 429 with the pause when a window is full."""
        # No chat has the id 0: it stands for the bot as a whole.
        whole = self._window(0, self.per_second)
        if chat_id > 0:
            chat, span = self._window(chat_id, self.private_per_second), 1.0
        else:
            chat, span = self._window(chat_id, self.group_per_minute), 60.0
        pause = max(_pause(whole, 1.0, now), _pause(chat, span, now))
        if pause > 0:
            raise too_many_requests(math.ceil(pause))
        whole.append(now)
        chat.append(now)

    def _window(self, key: int, size: int) -> deque[float]:
        window = self._windows.get(key)
        if window is None:
            window = self._windows[key] = deque(maxlen=size)
        return window


def _pause(window: deque[float], span: float, now: float) -> float:
    if len(window) < (window.maxlen or 0):
        return 0.0
    return window[0] + span - _TOLERANCE_SECONDS - now
