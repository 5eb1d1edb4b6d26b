"""What a prompt is made of: the newest active templates, the track, and the thread's recent messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from shared.database import sql
from shared.database.pool import Connection
from shared.learning.tabs import Role, Tab

MEMORY_TOKENS = 3000  # of the thread's recent messages, as token_budget.estimate counts
MEMORY_MESSAGES = 50

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Template:
    """A part of the system prompt."""

    id: str
    version: int
    content: str = field(repr=False)
    variables: Mapping[str, Any] = field(repr=False)  # as they are declared (shared/learning/variables.py)


@dataclass(frozen=True)
class HistoryMessage:
    """A message of the thread."""

    role: Role
    content: str = field(repr=False)


@dataclass(frozen=True)
class PromptContext:
    """All of it."""

    templates: Sequence[Template]
    track: Mapping[str, str]  # built-in variables
    memory: Sequence[HistoryMessage]


async def load(connection: Connection, tab: Tab, *, track: UUID | None, thread: UUID | None) -> PromptContext:
    """Templates for `tab` and `track`, the track's facts, and the recent messages of `thread` within MEMORY_TOKENS."""
    values = {"track": track, "tab": tab, "thread": thread, "messages": MEMORY_MESSAGES, "tokens": MEMORY_TOKENS}
    row = await sql.fetch_one(connection, _SQL["load"], values)
    templates = [Template(**template) for template in row["templates"]]
    return PromptContext(templates, row["track"] or {}, [HistoryMessage(**message) for message in row["memory"]])
