"""The tabs of a session, and who speaks in them."""

from typing import Literal

Tab = Literal["chat", "practice", "simulation"]
Role = Literal["user", "assistant", "tool"]
