"""Messages in both directions, webhooks and faults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, model_validator

Json = dict[str, Any]
FILE_KINDS = ("image", "audio", "voice", "video", "document", "sticker")
Gateway = Literal["chatflow", "evolution", "whatsapp_cloud"]
PEOPLE = "s.whatsapp.net"
# The difference between a number and its `@lid`. A real lid says nothing about the number.
_LID = 100_000_000_000_000


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Fault(_Body):
    """What happens to the next `times` messages, of one gateway or of all.

    `refuse`: a wrong token; `limit`: too many requests; `fail`: not sent, in the gateway's own way (`code` is the Cloud
    API's reason); `fail_later`: taken, and then the webhook says that it failed (ChatFlow has no such webhook);
    `break`: a proxy's 502; `drop`: no answer. With `deliver` the message of the last two arrives.
    """

    does: Literal["refuse", "limit", "fail", "fail_later", "break", "drop"]
    gateway: Gateway | None = None
    times: int = 1
    code: int = 131026
    deliver: bool = False


class Webhook(_Body):
    """An account's webhook; `app_secret` signs the Cloud API's, `jwt_key` signs Evolution's token.

    `events` is what Evolution says of the webhook; whatever stands there, it calls with all that it has, and
    `by_events` each at an address of its own.
    """

    gateway: Gateway
    account: str
    url: str
    headers: dict[str, str] = {}
    app_secret: str = ""
    jwt_key: str = ""
    events: list[str] = []
    by_events: bool = False


class File(_Body):
    """A file in a message: at an address, or as bytes that are fetched with the account's token."""

    kind: Literal["image", "audio", "voice", "video", "document"]
    url: str = ""
    base64: str = ""
    mime: str = ""
    file_name: str = ""
    caption: str = ""


class ChatMessage(_Body):
    """A message of the chat with `person` (a number or a jid); `from_me`: written by the account's owner.

    With `lid` the gateway hides the number as far as it does so. Without an id it gets a new one.
    """

    gateway: Gateway
    account: str
    person: str = Field(pattern=r"^([0-9]{5,20}|[0-9A-Za-z.:-]+@[a-z.]+)$", validation_alias="from")
    name: str = ""
    text: str = ""
    media: File | None = None
    from_me: bool = False
    id: str = ""
    lid: bool = False
    # The message's own fields as the gateway has them (a location, a choice, a vote); the text is what the page shows.
    more: Json = {}

    @model_validator(mode="after")
    def _check_content(self) -> ChatMessage:
        if self.more and self.gateway == "chatflow":
            raise ValueError("ChatFlow's shapes of these are documented nowhere")
        if not self.text and self.media is None and not self.more:
            raise ValueError("write a text or attach media")
        return self

    @model_validator(mode="after")
    def _check_file(self) -> ChatMessage:
        if self.media and not self.media.url and (self.gateway == "chatflow" or not self.media.base64):
            raise ValueError("the file has no url, nor base64, which ChatFlow does not know")
        return self

    @property
    def jid(self) -> str:
        """The chat's jid."""
        if "@" in self.person:
            return self.person
        return f"{int(self.person) + _LID}@lid" if self.lid else f"{self.person}@{PEOPLE}"

    @property
    def text_or_caption(self) -> str:
        """The text, else the file's caption."""
        return self.text or (self.media.caption if self.media else "")


class Edit(_Body):
    """A new text for an earlier message of a person. ChatFlow tells nobody of it."""

    gateway: Literal["evolution", "whatsapp_cloud"]
    account: str
    id: str
    text: str


class Reading(_Body):
    """Somebody who reads what was sent to them. ChatFlow tells nobody of it."""

    gateway: Literal["evolution", "whatsapp_cloud"]
    account: str
    person: str = Field(pattern=r"^[0-9]{5,20}$", validation_alias="from")


class Presence(_Body):
    """Whether somebody is on WhatsApp, whom everybody is at first."""

    number: str = Field(pattern=r"^[0-9]{5,20}$")
    on_whatsapp: bool


class Call(_Body):
    """A person's call to the account, through Evolution."""

    account: str
    person: str = Field(pattern=r"^[0-9]{5,20}$", validation_alias="from")
    answered: bool = False


@dataclass(frozen=True)
class SendRequest:
    """A message that a gateway was asked to send, without the token."""

    gateway: Gateway
    account: str
    to: str
    kind: str
    text: str
    url: str = ""
    file_name: str = ""


def number(address: str) -> str:
    """The number of a person's jid or lid; of a group the jid."""
    user, _, server = address.partition("@")
    if server == "lid" and user.isascii() and user.isdigit() and int(user) > _LID:
        return str(int(user) - _LID)
    return user.removeprefix("+") if server in ("", PEOPLE, "c.us") else address


def sent_message(request: SendRequest, message_id: str) -> ChatMessage:
    """The message that a request has sent."""
    media: File | None = None
    if request.kind in FILE_KINDS:
        kind = cast("Any", request.kind)
        media = File.model_construct(kind=kind, url=request.url, file_name=request.file_name)
    return ChatMessage.model_construct(
        gateway=request.gateway,
        account=request.account,
        person=request.to if request.to.endswith(("@lid", "@g.us")) else number(request.to),
        text=request.text,
        media=media,
        from_me=True,
        id=message_id,
    )
