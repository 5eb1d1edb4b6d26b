"""What passes through the gateways, in either direction, and what steers it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Json = dict[str, Any]
Gateway = Literal["chatflow", "evolution", "whatsapp_cloud"]
PEOPLE = "s.whatsapp.net"
# Makes a person's number an `@lid`, and the other way round; the real one tells nothing.
_LID = 100_000_000_000_000


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Fault(_Body):
    """What happens to the next `times` messages, of one gateway or of all.

    `refuse`: the token is not theirs; `limit`: too many; `fail`: not sent, in the gateway's own way (the Cloud API's
    `code` says why); `break`: a proxy's 502; `drop`: no answer. `deliver` lets the last two arrive all the same.
    """

    does: Literal["refuse", "limit", "fail", "break", "drop"]
    gateway: Gateway | None = None
    times: int = 1
    code: int = 131026
    deliver: bool = False


class Webhook(_Body):
    """Where an account's webhooks go; a secret signs the Cloud API's, a key makes Evolution's token."""

    gateway: Gateway
    account: str
    url: str
    headers: dict[str, str] = {}
    app_secret: str = ""
    jwt_key: str = ""


class File(_Body):
    """A file in a message: with an address of its own, or bytes that the account's token opens."""

    kind: Literal["image", "audio", "voice", "video", "document"]
    url: str = ""
    base64: str = ""
    mime: str = ""
    file_name: str = ""
    caption: str = ""


class Written(_Body):
    """A message of the chat with `person` (a number, or a whole jid), theirs or (`from_me`) ours.

    `lid` hides the number as much as the gateway does. Without an id it gets a new one.
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

    @model_validator(mode="after")
    def _says_something(self) -> Written:
        if not self.text and self.media is None:
            raise ValueError("write a text or attach media")
        return self

    @model_validator(mode="after")
    def _can_be_fetched(self) -> Written:
        if self.media and not self.media.url and (self.gateway == "chatflow" or not self.media.base64):
            raise ValueError("the file has no url, nor base64, which ChatFlow does not know")
        return self

    @property
    def jid(self) -> str:
        """The chat, as WhatsApp calls it."""
        if "@" in self.person:
            return self.person
        return f"{int(self.person) + _LID}@lid" if self.lid else f"{self.person}@{PEOPLE}"

    @property
    def words(self) -> str:
        """The text, or what stands under the file."""
        return self.text or (self.media.caption if self.media else "")


@dataclass(frozen=True)
class Arrived:
    """A message as a gateway got it, without the token."""

    gateway: Gateway
    account: str
    to: str
    kind: str
    text: str
    url: str = ""
    file_name: str = ""


def number(address: str) -> str:
    """The person's number behind a jid of either kind; of a group, its jid."""
    user, _, server = address.partition("@")
    if server == "lid" and user.isascii() and user.isdigit() and int(user) > _LID:
        return str(int(user) - _LID)
    return user.removeprefix("+") if server in ("", PEOPLE, "c.us") else address
