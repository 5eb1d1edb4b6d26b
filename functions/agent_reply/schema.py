"""Requests and responses (docs/systems/learning.md, An agent's turn). The OpenAPI document is made of these."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticKnownError

from shared.learning.limits import MAX_QUESTION
from shared.payload.postgres_text import replace_nul
from shared.payload.pydantic_types import Text

# As variables are called, in letters that mean the same to every reader of the pattern.
Name = Annotated[str, Field(pattern="^[A-Za-zА-Яа-яЁё_][A-Za-z0-9А-Яа-яЁё_]{0,99}$")]
Word = Annotated[str, Field(max_length=2000), AfterValidator(replace_nul)]
WholeNumber = Annotated[int, Field(ge=-(2**53), le=2**53)]
Reason = Literal["not_requested", "no_session", "no_thread"]


MAX_CONTEXT = 50  # names


def _bounded(context: Any) -> Any:
    """Raise before each of too many parts is found wrong: a hundred thousand errors take seconds to write down."""
    if isinstance(context, dict) and len(context) > MAX_CONTEXT:
        lengths = {"field_type": "Dictionary", "max_length": MAX_CONTEXT, "actual_length": len(context)}
        raise PydanticKnownError("too_long", lengths)
    return context


class ReplyRequest(BaseModel):
    """A user's message to an agent, or what another agent has answered to it."""

    model_config = ConfigDict(strict=True, hide_input_in_errors=True, allow_inf_nan=False)

    session_id: UUID | None = Field(
        None,
        description="Whose conversation this is; without it the agent remembers nothing. Public clients must send it",
    )
    user_message: Text = Field(
        max_length=16_000, description=f"Of a public client at most {MAX_QUESTION} characters, together with context"
    )
    apply_side_effects: bool = Field(
        default=False, description="Store the reply in the session's thread of this agent's tab"
    )
    store_user_message: bool = Field(default=False, description="Store the user's message too, before the reply")
    memory: Literal["backend", "inmem"] = Field(
        "backend", description="backend: the agent sees the thread's recent messages; inmem: the caller remembers"
    )
    context: Annotated[dict[Name, bool | WholeNumber | float | Word], BeforeValidator(_bounded)] = Field(
        {},
        max_length=MAX_CONTEXT,
        json_schema_extra={"additionalProperties": False},
        description="Values that variables of the prompt may take; all else stands beside the question, as data",
    )
    reply: Text | None = Field(
        None,
        max_length=64_000,
        description="What an upstream agent has answered: it is stored, and no model is called. Not for public clients",
    )


class Applied(BaseModel):
    """The reply is stored."""

    applied: Literal[True] = True
    message_id: UUID
    user_message_id: UUID | None = Field(None, description="With store_user_message")


class NotApplied(BaseModel):
    """Nothing is stored."""

    applied: Literal[False] = False
    reason: Reason


class Usage(BaseModel):
    """Tokens as the model counted them."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None


class ReplyResponse(BaseModel):
    """What the agent said, and what became of it."""

    message: str
    side_effects: Applied | NotApplied
    agentId: str  # noqa: N815 - the source's name
    version: str
    usage: Usage | None = Field(None, description="Missing where no model was called, or where it counts nothing")

    def to_json(self) -> dict[str, Any]:
        """As JSON, without what is missing."""
        return self.model_dump(mode="json", exclude_none=True)
