"""The language model behind any OpenAI-compatible API: one answer within a deadline, or why there is none.

What such servers say, and what of it is sure: docs/protocols/llm.md.
"""

from shared.clients.llm.client import SETTINGS, STREAM_DEADLINES, Model
from shared.clients.llm.completion import MAX_TEXT, Completion, Kind, ModelError, parse

__all__ = ["MAX_TEXT", "SETTINGS", "STREAM_DEADLINES", "Completion", "Kind", "Model", "ModelError", "parse"]
