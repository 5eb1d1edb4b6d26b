"""The language model behind any OpenAI-compatible API: one answer within a deadline, or why there is none."""

from shared.llm.answers import LONGEST_TEXT, Completion, Kind, ModelFailed, understood
from shared.llm.model import STREAM_DEADLINES, Model

__all__ = ["LONGEST_TEXT", "STREAM_DEADLINES", "Completion", "Kind", "Model", "ModelFailed", "understood"]
