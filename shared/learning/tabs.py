"""The tabs of a session (source 4: chat_tab)."""

from typing import Literal

Tab = Literal["chat", "practice", "simulation"]
