"""The Bot API's objects as the stand-in keeps them: bots, chats, topics, presses."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from infra.sandbox.telegram.limits import Limits

Json = dict[str, Any]


@dataclass(slots=True)
class Webhook:
    """A bot's webhook, as setWebhook has set it."""

    url: str
    secret_token: str = ""
    max_connections: int = 40
    allowed_updates: list[str] = field(default_factory=list)
    ip_address: str = ""
    has_certificate: bool = False


@dataclass(slots=True)
class Bot:
    """A bot; it is created by the first call with its token."""

    id: int
    first_name: str
    username: str
    revoked: bool = False
    limits: Limits | None = None
    webhook: Webhook | None = None
    webhook_error: tuple[int, str] | None = None
    commands: dict[str, list[Json]] = field(default_factory=dict)  # by scope and language
    update_id: int = 0
    pending: deque[Json] = field(default_factory=lambda: deque(maxlen=10_000))
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    poll: int = 0  # the latest getUpdates; whichever waits longer is terminated
    polled_updates: list[str] = field(default_factory=list)  # the kinds that it wants; empty: all
    redelivery: asyncio.Task[None] | None = None

    def public(self) -> Json:
        """The User object of the bot."""
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": self.first_name,
            "username": self.username,
        }


@dataclass(slots=True)
class Topic:
    """A forum topic; its id is that of the service message that created it."""

    id: int
    name: str
    icon_color: int
    icon_custom_emoji_id: str = ""
    closed: bool = False
    made_by: int = 0
    hidden: bool = False  # General's alone


@dataclass(slots=True)
class Chat:
    """A chat, and what bots may do in it."""

    id: int
    bot: int
    type: str
    title: str
    username: str = ""
    creator: int = 5_000_000_001  # of a group
    members: int = 3
    staff: tuple[int, ...] = ()  # whom the page lets write here before anybody else
    is_forum: bool | None = None
    known: bool = True
    blocked: str | None = None
    migrated_to: int | None = None
    bot_status: str = "administrator"
    manages_topics: bool = True  # whether the bot, an administrator, has that right,
    deletes_messages: bool = True  # that of others,
    pins_messages: bool = True  # and this one
    members_write: bool = True  # what holds for a bot that is no administrator
    members_send_files: bool = True
    statuses: dict[int, str] = field(default_factory=dict)  # of people in a group who are no mere members
    last_id: int = 0
    touched: int = 0
    messages: dict[int, Json] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    general: Topic = field(default_factory=lambda: Topic(1, "General", 0))
    pinned: list[int] = field(default_factory=list)
    reactions: dict[int, list[Json]] = field(default_factory=dict)  # the bot's, by message

    def delete_topic(self, number: int) -> None:
        """Remove a topic with all its messages."""
        del self.topics[number]
        inside = [key for key, message in self.messages.items() if message.get("message_thread_id") == number]
        for key in inside:
            del self.messages[key]

    def public(self) -> Json:
        """The Chat object of the Bot API."""
        name = "first_name" if self.type == "private" else "title"
        shown: Json = {"id": self.id, name: self.title} | ({"username": self.username} if self.username else {})
        if self.is_forum:
            shown["is_forum"] = True
        return shown | {"type": self.type}


@dataclass(slots=True)
class Callback:
    """A callback query and the bot's answer to it."""

    bot: int
    chat: int
    pressed_at: float
    answer: Json | None = None
