"""The messages for the model: the system prompt with its variables filled in, the history, and the question.

The system prompt is its owner's. Whatever a caller or a learner wrote is data, marked line by line, in messages of the
role `user`; docs/systems/learning.md says which values of `context` a template may take.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from functions.agent_reply.prompt_context import HistoryMessage, PromptContext, Template
from shared.clients.llm import untrusted_text
from shared.errors import HttpProblem
from shared.learning import variables
from shared.learning.placeholders import BUILT_IN, PLACEHOLDER
from shared.learning.variables import MAX_SYSTEM_PROMPT, Variable

# The model's roles for those of a thread. Its `tool` has a protocol of its own, which a front end's note is not.
_ROLES = {"user": "user", "assistant": "assistant", "tool": "user"}
_FREE = Variable()


def compose(
    prompt_context: PromptContext, context: Mapping[str, Any], user_message: str, *, is_public: bool
) -> list[dict[str, str]]:
    """System prompt, memory, context, question. `is_public`: the caller's token is in everybody's browser.

    Raises HttpProblem: 422 that names a variable without a value, 502 when the system prompt is longer than
    MAX_SYSTEM_PROMPT.
    """
    filling = _Filling(prompt_context.track, context, is_public=is_public)
    system = "\n\n".join(filling.fill(template) for template in prompt_context.templates)
    history = [_from_history(old) for old in _history(prompt_context.memory, user_message)]
    messages = [
        ("system", f"{untrusted_text.NOTE}\n\n{system}" if system else ""),
        *history,
        ("user", _beside_the_question(context, filling.in_system)),
        ("user", untrusted_text.quote(user_message)),
    ]
    return [{"role": role, "content": content} for role, content in messages if content]


class _Filling:
    """Fills templates in, and knows which values of `context` stand in the system prompt."""

    def __init__(self, track: Mapping[str, str], context: Mapping[str, Any], *, is_public: bool) -> None:
        self._track = track
        self._context = context
        self._is_public = is_public
        self._left = MAX_SYSTEM_PROMPT
        self._taken: set[str] = set()
        self._named: set[str] = set()

    @property
    def in_system(self) -> set[str]:
        """Names of `context` whose values need not stand beside the question."""
        return self._taken - self._named

    def fill(self, template: Template) -> str:
        """The template's text. Raises HttpProblem."""
        declared = {name: variables.read(stored) for name, stored in template.variables.items()}

        def value(found: re.Match[str]) -> str:
            text = self._value(found[1], declared.get(found[1], _FREE))
            self._spend(len(text))
            return text

        self._spend(len(template.content))
        return PLACEHOLDER.sub(value, template.content)

    def _value(self, name: str, variable: Variable) -> str:
        given = variables.as_text(self._context[name]) if name in self._context else None
        if name in BUILT_IN:  # nobody says what the track is but the track
            value = self._track.get(name, variable.default)
        elif given is None or (variable.values and given not in variable.values):
            value = variable.default
        elif variable.values or not self._is_public:
            self._taken.add(name)
            value = given if variable.values else untrusted_text.inert(given)
        else:
            self._named.add(name)
            value = f"[{name}]"  # what it is stands beside the question
        if value is None:
            raise _missing(name, variable)
        return value

    def _spend(self, length: int) -> None:
        self._left -= length
        if self._left < 0:
            detail = f"The agent's prompt has more than {MAX_SYSTEM_PROMPT} characters. Its operator must shorten it."
            raise HttpProblem(502, "Prompt Too Long", detail, reason="prompt_too_long")


def _missing(name: str, variable: Variable) -> HttpProblem:
    if name in BUILT_IN:
        detail = f"The agent's prompt needs {name}, which only a session gives: name one in session_id."
    elif variable.values:
        detail = f"The agent's prompt needs context.{name}, one of: {', '.join(variable.values)}."
    else:
        detail = f"The agent's prompt needs context.{name}, which has no default."
    return HttpProblem(422, "Missing Variable", detail, reason="missing_variable")


def _beside_the_question(context: Mapping[str, Any], in_system: set[str]) -> str:
    """What of `context` the templates did not take. A value's further lines are indented: they name nothing."""
    entries = [
        f"{name}: " + "\n  ".join(variables.as_text(value).splitlines())
        for name, value in context.items()
        if name not in in_system
    ]
    return "Контекст:\n" + untrusted_text.quote("\n".join(entries)) if entries else ""


def _from_history(old: HistoryMessage) -> tuple[str, str]:
    """Role and content. What the agent said stays unmarked; it may repeat what a learner wrote."""
    role = _ROLES[old.role]
    return role, untrusted_text.inert(old.content) if role == "assistant" else untrusted_text.quote(old.content)


def _history(memory: Sequence[HistoryMessage], user_message: str) -> Sequence[HistoryMessage]:
    """The messages before the question. A front end may have stored the question itself already."""
    is_stored = bool(memory) and memory[-1] == HistoryMessage("user", user_message)
    return memory[:-1] if is_stored else memory
