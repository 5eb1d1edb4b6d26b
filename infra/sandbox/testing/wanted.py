"""Which events somebody asks for, as the query of a request says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from infra.sandbox import control
from infra.sandbox.testing.events import Channel, Happening
from infra.sandbox.whatsapp.models import number

if TYPE_CHECKING:
    from starlette.requests import Request

    from infra.sandbox.testing.events import Event

MAX_TIMEOUT_S = 60
MAX_COUNT = 1_000


class Wanted(BaseModel):
    """Conditions that must all hold; by default it is what bots write, and delete nothing of it."""

    model_config = ConfigDict(extra="forbid")

    channel: Channel | None = None
    bot: str | None = None
    account: str | None = None
    chat: str | None = None  # a chat's id, or a phone or jid
    thread: int | None = None
    sender: Literal["bot", "person", "any"] = Field("bot", alias="from")
    kind: str | None = None
    text: str | None = None  # is part of the message's text
    event: Happening | None = None
    after: int = Field(0, ge=0)

    def matches(self, event: Event) -> bool:
        """Whether it is such an event."""
        exact = (
            (self.channel, event.channel),
            (self.bot, event.owner),
            (self.account, event.owner),
            (self.chat and number(self.chat.strip()), event.chat),
            (self.thread, event.thread),
            (self.kind, event.kind),
            (self.event, event.happening),
        )
        return (
            event.n > self.after
            and all(asked is None or asked == found for asked, found in exact)
            and (self.sender == "any" or event.from_bot == (self.sender == "bot"))
            and (self.text is None or self.text in event.text)
            and (self.event is not None or event.happening != "deleted")
        )


class WantedSoon(Wanted):
    """The same, and how long to wait for it."""

    timeout: float = Field(5, ge=0, le=MAX_TIMEOUT_S)


class WantedAll(Wanted):
    """The same, and how many."""

    count: int = Field(100, ge=1, le=MAX_COUNT)


_Query = TypeVar("_Query", bound=Wanted)


def read(request: Request, model: type[_Query]) -> _Query:
    """The query. Raises HTTPException 422 that names the parameters that are wrong."""
    try:
        return model.model_validate(dict(request.query_params))
    except ValidationError as error:
        raise control.invalid(error) from None
