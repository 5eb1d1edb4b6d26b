"""A request as the API reads it, and what it refuses."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from infra.sandbox.llm.errors import Refusal, no_such_model, too_long

MAX_TOKENS = 128_000
_MAX_STOP_WORDS = 4


class Part(BaseModel):
    """One part of a message that has several."""

    text: str = ""


class Message(BaseModel):
    """Somebody's words."""

    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[Part] | None = None
    tool_calls: list[dict[str, Any]] | None = None
    tool_call_id: str = ""

    @property
    def text(self) -> str:
        """All of them."""
        return self.content if isinstance(self.content, str) else " ".join(part.text for part in self.content or [])


class Schema(BaseModel):
    """A schema with its name."""

    name: str
    schema_: dict[str, Any] = Field({}, alias="schema")


class _Format(BaseModel):
    type: Literal["text", "json_object", "json_schema"]
    json_schema: Schema | None = None


class _StreamOptions(BaseModel):
    include_usage: bool = False


class Function(BaseModel):
    """What may be called."""

    name: str = Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$")
    parameters: dict[str, Any] = {}


class Tool(BaseModel):
    """A tool; the stand-in knows functions alone."""

    type: Literal["function"]
    function: Function


class Question(BaseModel):
    """A request, as far as the stand-in understands it."""

    model: str = Field(min_length=1)
    messages: list[Message] = Field(min_length=1)
    max_tokens: int | None = Field(None, ge=1)
    max_completion_tokens: int | None = Field(None, ge=1)
    response_format: _Format | None = None
    stream: bool = False
    stream_options: _StreamOptions | None = None
    temperature: float | None = Field(None, ge=0, le=2)
    top_p: float | None = Field(None, ge=0, le=1)
    presence_penalty: float | None = Field(None, ge=-2, le=2)
    frequency_penalty: float | None = Field(None, ge=-2, le=2)
    n: int = Field(1, ge=1, le=128)
    stop: str | list[str] | None = None
    tools: list[Tool] = []
    tool_choice: Literal["none", "auto", "required"] | Tool | None = None

    @property
    def is_new(self) -> bool:
        """Whether its model knows no `max_tokens` any more, as OpenAI's newer ones; here those called …-new."""
        return self.model.endswith("-new")

    @property
    def json_object(self) -> bool:
        """Whether the answer shall be a JSON object of any kind."""
        return self.response_format is not None and self.response_format.type == "json_object"

    @property
    def schema_asked(self) -> dict[str, Any] | None:
        """The schema that the answer shall have."""
        wanted = self.response_format
        return wanted.json_schema.schema_ if wanted and wanted.json_schema else None

    @property
    def function(self) -> Function | None:
        """The function that must be called: the one that is named, or the first where any is required."""
        if isinstance(self.tool_choice, Tool):
            name = self.tool_choice.function.name
            return next((tool.function for tool in self.tools if tool.function.name == name), None)
        return self.tools[0].function if self.tool_choice == "required" and self.tools else None

    @property
    def system(self) -> str:
        """The system prompt."""
        return "\n".join(message.text for message in self.messages if message.role in ("system", "developer"))

    @property
    def last(self) -> str:
        """The last question."""
        return next((message.text for message in reversed(self.messages) if message.role == "user"), "")

    @property
    def stop_words(self) -> list[str]:
        """Where the answer shall end."""
        return [self.stop] if isinstance(self.stop, str) else self.stop or []

    def tokens(self) -> int:
        """A token is a word here."""
        return sum(len(message.text.split()) for message in self.messages)


def check(question: Question, known: tuple[str, ...]) -> None:
    """Raises Refusal for what no model would answer; `known` are the models that there are, none: any."""
    if known and question.model not in known:
        raise no_such_model(question.model)
    _check_messages(question.messages)
    if question.json_object and not any("json" in message.text.lower() for message in question.messages):
        hint = "to use 'response_format' of type 'json_object'."
        raise Refusal(f"'messages' must contain the word 'json' in some form, {hint}", param="messages")
    wanted = question.response_format
    if wanted and wanted.type == "json_schema" and wanted.json_schema is None:
        where = "response_format.json_schema"
        raise Refusal(f"Missing required parameter: '{where}'.", code="missing_required_parameter", param=where)
    if question.is_new and question.max_tokens is not None:
        words = "Unsupported parameter: 'max_tokens' is not supported with this model."
        hint = "Use 'max_completion_tokens' instead."
        raise Refusal(f"{words} {hint}", code="unsupported_parameter", param="max_tokens")
    if question.tool_choice not in (None, "none", "auto") and question.function is None:
        words = "'tool_choice' is only allowed when 'tools' are specified, and must name one of them."
        raise Refusal(f"Invalid value for 'tool_choice': {words}", param="tool_choice")
    if len(question.stop_words) > _MAX_STOP_WORDS:
        raise Refusal(f"Invalid 'stop': array too long. Expected at most {_MAX_STOP_WORDS}.", param="stop")
    if question.tokens() > MAX_TOKENS:
        raise too_long(MAX_TOKENS, question.tokens())


def _check_messages(messages: list[Message]) -> None:
    called: set[str] = set()
    for number, message in enumerate(messages):
        if message.role == "tool" and message.tool_call_id not in called:
            words = "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."
            raise Refusal(f"Invalid parameter: {words}", param=f"messages.[{number}].role")
        if message.content is None and message.role != "assistant":
            where = f"messages.[{number}].content"
            raise Refusal("Invalid value for 'content': expected a string, got null.", param=where)
        called |= {str(call.get("id")) for call in message.tool_calls or []}
