"""The messages for the model: templates with their variables filled in, what was said before, and the question."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from functions.agent_reply.material import Material, Remembered, Template
from shared.errors import Refusal
from shared.learning.placeholders import PLACEHOLDER

# What a model calls those who speak in a thread. Its `tool` has a protocol of its own, which a front end's note is not.
_ROLES = {"user": "user", "assistant": "assistant", "tool": "user"}


def compose(material: Material, context: Mapping[str, Any], user_message: str) -> list[dict[str, str]]:
    """System prompt, memory, question. Raises Refusal 422 that names a variable without a value."""
    system = "\n\n".join(_instructions(material, context))
    before = [{"role": _ROLES[one.role], "content": one.content} for one in _before(material.memory, user_message)]
    question = {"role": "user", "content": user_message}
    return [*([{"role": "system", "content": system}] if system else []), *before, question]


def _instructions(material: Material, context: Mapping[str, Any]) -> Iterator[str]:
    """The templates, and what of `context` none of them has asked for."""
    known = {**material.track, **context}
    for template in material.templates:
        yield _filled(template, known)
    asked = {name for template in material.templates for name in PLACEHOLDER.findall(template.content)}
    others = [f"- {name}: {_said(value)}" for name, value in context.items() if name not in asked]
    if others:
        yield "\n".join(["Контекст:", *others])


def _filled(template: Template, known: Mapping[str, Any]) -> str:
    values = {name: default for name, default in template.variables.items() if default is not None} | dict(known)

    def value(found: re.Match[str]) -> str:
        if found[1] not in values:
            detail = f"The agent's prompt needs context.{found[1]}, which has no default."
            raise Refusal(422, "Missing Variable", detail, reason="missing_variable")
        return _said(values[found[1]])

    return PLACEHOLDER.sub(value, template.content)


def _said(value: Any) -> str:
    """A value as people write it."""
    return {True: "да", False: "нет"}[value] if isinstance(value, bool) else str(value)


def _before(memory: Sequence[Remembered], user_message: str) -> Sequence[Remembered]:
    """What was said before the question. A front end may have stored the question itself already."""
    asked_already = bool(memory) and memory[-1] == Remembered("user", user_message)
    return memory[:-1] if asked_already else memory
