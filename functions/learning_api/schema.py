"""Bodies that come in and go out, in camelCase. The OpenAPI document is made of these.

Each is built when it is first used: a cold start pays for one or two.
"""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from functions.learning_api import json_limits
from shared.http.body import HEADER_SAFE
from shared.learning.sessions import MAX_DEVICE_LENGTH, is_device
from shared.learning.tabs import Role, Tab
from shared.payload.pydantic_types import Text

MAX_CONTENT = 16_000
MAX_META_BYTES = 4_000
MAX_ITEMS = 200
MAX_ITEMS_BYTES = 64_000  # twenty snapshots in one answer


class RequestModel(BaseModel):
    """A body that comes in. Strict: no text passes for a number. Names that are not known here mean nothing."""

    model_config = ConfigDict(alias_generator=to_camel, strict=True, hide_input_in_errors=True, defer_build=True)


class ResponseModel(BaseModel):
    """A body that goes out."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        serialize_by_alias=True,
        json_schema_serialization_defaults_required=True,
        defer_build=True,
    )


class Track(ResponseModel):
    """A programme of learning."""

    slug: str = Field(examples=["sql-basics"])
    title: str
    description: str
    goal: str


class TrackSummary(Track):
    """One track, and how many items its roadmap has."""

    roadmap_items: int


class Tracks(ResponseModel):
    """All of them, by title."""

    tracks: list[Track]


class RoadmapItem(ResponseModel):
    """A step of a track."""

    id: UUID
    position: int
    title: str
    description: str


class Roadmap(ResponseModel):
    """The steps of a track, in their order."""

    items: list[RoadmapItem]


def _device(text: str) -> str:
    if not is_device(text):
        raise ValueError(f"is not 1 to {MAX_DEVICE_LENGTH} printable ASCII characters without spaces at the ends")
    return text


_DEVICE_SCHEMA: dict[str, Any] = {"minLength": 1, "maxLength": MAX_DEVICE_LENGTH, "pattern": HEADER_SAFE}
_Device = Annotated[str, AfterValidator(_device), Field(json_schema_extra=_DEVICE_SCHEMA)]


class NewSession(RequestModel):
    """Who begins or comes back to which track."""

    device_id: _Device = Field(description="Of a public client made at random: a UUID, or 22 characters of base64url")
    former_device_id: _Device | None = Field(
        None, description="What it was called while its id could be guessed; from now on it is deviceId"
    )
    track_slug: Annotated[str, Field(examples=["sql-basics"])]


class SessionChange(RequestModel):
    """What the person sees now; what is missing or null stays as it is."""

    active_tab: Tab | None = None
    sidebar_visible: bool | None = None


class SessionOut(ResponseModel):
    """One person in one track. A thread that was deleted is missing in `threads`."""

    id: UUID
    track_slug: str
    active_tab: Tab
    sidebar_visible: bool
    threads: dict[Tab, UUID]
    created_at: datetime


def _meta(meta: dict[str, Any]) -> Any:
    return json_limits.checked(meta, MAX_META_BYTES)


class NewMessage(RequestModel):
    """What a person or a tool says. What assistants say comes from agent_reply."""

    role: Literal["user", "tool"] = "user"
    content: Text = Field(max_length=MAX_CONTENT)
    meta: Annotated[dict[str, Any], AfterValidator(_meta), Field(description=f"{MAX_META_BYTES} bytes at most")] = (
        Field(default_factory=dict)
    )


class Message(ResponseModel):
    """What was said; `seq` counts 1, 2, 3, … in its thread, without gaps."""

    id: UUID
    seq: int
    role: Role
    content: str
    meta: dict[str, Any]
    created_at: datetime


class Page(ResponseModel):
    """Some of a thread's messages by seq, and how to ask for the next ones in the direction asked for."""

    messages: list[Message]
    has_more: bool
    next_before: int | None = None  # ?before= of the page of older ones
    next_after: int | None = None  # ?after= of the page of newer ones


def _items(items: list[dict[str, Any]]) -> Any:
    return json_limits.checked(items, MAX_ITEMS_BYTES)


class NewSynopsis(RequestModel):
    """Notes: the live ones, or some that come from elsewhere."""

    items: Annotated[
        list[dict[str, Any]],
        Field(max_length=MAX_ITEMS, description=f"{MAX_ITEMS_BYTES} bytes at most"),
        AfterValidator(_items),
    ]
    origin: Literal["live", "imported"] = "live"


class Synopsis(ResponseModel):
    """Notes. The live ones are being written, snapshots were live once, imported ones come from elsewhere."""

    id: UUID
    origin: Literal["live", "snapshot", "imported"]
    items: list[dict[str, Any]]
    created_at: datetime
    updated_at: datetime


class Synopses(ResponseModel):
    """What is live, and the newest of the others."""

    live: Synopsis | None
    snapshots: list[Synopsis]
