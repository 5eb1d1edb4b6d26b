"""The messages for the model: the system prompt with its variables filled in, the history, and the question."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from functions.agent_reply.prompt_context import HistoryMessage, PromptContext, Template
from shared.errors import HttpProblem
from shared.learning.placeholders import PLACEHOLDER

# The model's roles for those of a thread. Its `tool` has a protocol of its own, which a front end's note is not.
_ROLES = {"user": "user", "assistant": "assistant", "tool": "user"}


def compose(prompt_context: PromptContext, context: Mapping[str, Any], user_message: str) -> list[dict[str, str]]:
    """System prompt, memory, context, question. Raises HttpProblem 422 that names a variable without a value."""
    known = {**context, **prompt_context.track}  # nobody says what the track is but the track
    system = "\n\n".join(_filled(template, known) for template in prompt_context.templates)
    history = ((_ROLES[old.role], old.content) for old in _history(prompt_context.memory, user_message))
    messages = [("system", system), *history, ("user", _unused(prompt_context, context)), ("user", user_message)]
    return [{"role": role, "content": content} for role, content in messages if content]


def _unused(prompt_context: PromptContext, context: Mapping[str, Any]) -> str:
    """The part of `context` that no template names: the caller's word, and not an instruction."""
    named = {name for template in prompt_context.templates for name in PLACEHOLDER.findall(template.content)}
    others = [f"- {name}: {_as_text(value)}" for name, value in context.items() if name not in named]
    return "\n".join(["Контекст:", *others]) if others else ""


def _filled(template: Template, known: Mapping[str, Any]) -> str:
    values = {name: default for name, default in template.variables.items() if default is not None} | dict(known)

    def value(found: re.Match[str]) -> str:
        if found[1] not in values:
            detail = f"The agent's prompt needs context.{found[1]}, which has no default."
            raise HttpProblem(422, "Missing Variable", detail, reason="missing_variable")
        return _as_text(values[found[1]])

    return PLACEHOLDER.sub(value, template.content)


def _as_text(value: Any) -> str:
    """A value as people write it."""
    return {True: "да", False: "нет"}[value] if isinstance(value, bool) else str(value)


def _history(memory: Sequence[HistoryMessage], user_message: str) -> Sequence[HistoryMessage]:
    """The messages before the question. A front end may have stored the question itself already."""
    is_stored = bool(memory) and memory[-1] == HistoryMessage("user", user_message)
    return memory[:-1] if is_stored else memory
