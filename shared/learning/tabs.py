"""The tabs of a session, and who speaks in them (source 4: chat_tab, message_role)."""

from typing import Literal

Tab = Literal["chat", "practice", "simulation"]
Role = Literal["user", "assistant", "tool"]
