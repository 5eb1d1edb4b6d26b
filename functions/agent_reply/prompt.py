"""The messages for the model: templates with their variables filled in, what was said before, and the question."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from functions.agent_reply.prompt_context import HistoryMessage, PromptContext, Template
from shared.errors import HttpProblem
from shared.learning.placeholders import PLACEHOLDER

# What a model calls those who speak in a thread. Its `tool` has a protocol of its own, which a front end's note is not.
_ROLES = {"user": "user", "assistant": "assistant", "tool": "user"}


def compose(material: PromptContext, context: Mapping[str, Any], user_message: str) -> list[dict[str, str]]:
    """System prompt, memory, context, question. Raises Refusal 422 that names a variable without a value."""
    known = {**context, **material.track}  # nobody says what the track is but the track
    system = "\n\n".join(_filled(template, known) for template in material.templates)
    before = ((_ROLES[one.role], one.content) for one in _before(material.memory, user_message))
    spoken = [("system", system), *before, ("user", _beside(material, context)), ("user", user_message)]
    return [{"role": role, "content": content} for role, content in spoken if content]


def _beside(material: PromptContext, context: Mapping[str, Any]) -> str:
    """What of `context` no template has asked for: the caller's word, and not an instruction."""
    asked = {name for template in material.templates for name in PLACEHOLDER.findall(template.content)}
    others = [f"- {name}: {_said(value)}" for name, value in context.items() if name not in asked]
    return "\n".join(["Контекст:", *others]) if others else ""


def _filled(template: Template, known: Mapping[str, Any]) -> str:
    values = {name: default for name, default in template.variables.items() if default is not None} | dict(known)

    def value(found: re.Match[str]) -> str:
        if found[1] not in values:
            detail = f"The agent's prompt needs context.{found[1]}, which has no default."
            raise HttpProblem(422, "Missing Variable", detail, reason="missing_variable")
        return _said(values[found[1]])

    return PLACEHOLDER.sub(value, template.content)


def _said(value: Any) -> str:
    """A value as people write it."""
    return {True: "да", False: "нет"}[value] if isinstance(value, bool) else str(value)


def _before(memory: Sequence[HistoryMessage], user_message: str) -> Sequence[HistoryMessage]:
    """What was said before the question. A front end may have stored the question itself already."""
    asked_already = bool(memory) and memory[-1] == HistoryMessage("user", user_message)
    return memory[:-1] if asked_already else memory
