"""A world to begin with: people, chats, messages and records, of which nobody is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.exceptions import HTTPException

from infra.sandbox.telegram.control import ChatSettings
from infra.sandbox.telegram.methods.topics import DEFAULT_ICON_COLOR, add_topic
from infra.sandbox.telegram.models import Chat, Json, Topic
from infra.sandbox.telegram.updates import person
from infra.sandbox.whatsapp.models import ChatMessage
from infra.sandbox.yclients.state import Record

if TYPE_CHECKING:
    from infra.sandbox.state import Sandbox
    from infra.sandbox.telegram.state import Telegram


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Person(_Body):
    """Somebody whom every bot may write to."""

    id: int = Field(gt=0)
    first_name: str
    last_name: str = ""
    username: str = ""


class SeededChat(ChatSettings):
    """A chat, and the names of its topics."""

    topics: list[str] = Field(default_factory=list)


class Message(_Body):
    """A message from before: of the person `from_id`, in a private chat of its person; else of the bot."""

    bot: int
    chat_id: int
    text: str = ""
    from_id: int | None = Field(None, gt=0)
    from_bot: bool = False
    topic: str | None = None
    more: dict[str, Any] = {}  # further fields of the Message object, a keyboard for example

    @model_validator(mode="after")
    def _check_sender(self) -> Message:
        if not self.from_bot and self.from_id is None and self.chat_id < 0:
            raise ValueError("say from_id, or from_bot, who wrote it in the group")
        if not self.text and not self.more:
            raise ValueError("write a text, or more")
        return self


class Seed(_Body):
    """Everything is looked at before anything is done."""

    people: list[Person] = []
    chats: list[SeededChat] = []
    messages: list[Message] = []
    whatsapp: list[ChatMessage] = []  # `from_me`: what the bot has sent
    records: list[Record] = []


def plant(sandbox: Sandbox, seed: Seed) -> Json:
    """Add all of it; the ids it got, and the number of the last event. Raises HTTPException 422."""
    telegram = sandbox.telegram
    _check_topics(telegram, seed)
    for human in seed.people:
        telegram.people[human.id] = person(human.id, human.first_name, human.last_name)
        telegram.configure(human.id, None, {"title": human.first_name, "username": human.username})
    topics = {str(chat.chat_id): _add_chat(telegram, chat) for chat in seed.chats}
    messages = [_add_message(telegram, message) for message in seed.messages]
    phones = [sandbox.whatsapp.add_written(message, by_api=message.from_me).id for message in seed.whatsapp]
    sandbox.yclients.records |= {(record.company_id, record.id): record for record in seed.records}
    return {"n": sandbox.events.count, "topics": topics, "messages": messages, "whatsapp": phones}


def _check_topics(telegram: Telegram, seed: Seed) -> None:
    known = {(chat.chat_id, name) for chat in seed.chats for name in chat.topics}
    known |= {(chat.id, topic.name) for chat in telegram.chats.values() for topic in chat.topics.values()}
    for number, message in enumerate(seed.messages):
        if message.topic is not None and (message.chat_id, message.topic) not in known:
            raise HTTPException(422, f"messages.{number}.topic: the chat has no topic {message.topic!r}")


def _add_chat(telegram: Telegram, given: SeededChat) -> dict[str, int]:
    """Set a chat up; the ids of its new topics by their names."""
    changes = given.changes()
    forum = {"is_forum": True} if changes.pop("topics", []) else {}
    telegram.configure(given.chat_id, given.bot, forum | changes | {"known": True})
    chat = telegram.chats[given.bot or 0 if given.chat_id > 0 else 0, given.chat_id]
    made = [Topic(0, name, DEFAULT_ICON_COLOR, made_by=chat.creator) for name in given.topics]
    for topic in made:
        add_topic(telegram, chat, _user(telegram, chat.creator), topic)
    return {topic.name: topic.id for topic in made}


def _add_message(telegram: Telegram, given: Message) -> Json:
    bot = telegram.bot_of(given.bot)
    if given.chat_id < 0:
        telegram.configure(given.chat_id, None, {})
    chat = telegram.open_chat(bot.id, given.chat_id)
    if chat is None:
        raise HTTPException(422, f"the chat {given.chat_id} is marked unknown")
    sender = bot.public() if given.from_bot else _user(telegram, given.from_id or chat.id, chat)
    topic = next((topic for topic in chat.topics.values() if topic.name == given.topic), None)
    content = ({"text": given.text} if given.text else {}) | given.more
    message = telegram.post(chat, sender, content, topic)
    return {"chat_id": chat.id, "message_id": message["message_id"]}


def _user(telegram: Telegram, number: int, chat: Chat | None = None) -> Json:
    name = chat.title if chat and chat.type == "private" else "Участник"
    return telegram.people.setdefault(number, person(number, name))
