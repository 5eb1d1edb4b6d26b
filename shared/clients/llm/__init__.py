"""The language model behind any OpenAI-compatible API: one answer within a deadline, or why there is none."""

from shared.clients.llm.client import STREAM_DEADLINES, Model
from shared.clients.llm.completion import LONGEST_TEXT, Completion, Kind, ModelFailed, understood

__all__ = ["LONGEST_TEXT", "STREAM_DEADLINES", "Completion", "Kind", "Model", "ModelFailed", "understood"]
