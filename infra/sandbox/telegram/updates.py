"""What people do in their chats, sent to the bot's webhook as updates."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from infra.sandbox.telegram.delivery import deliver
from infra.sandbox.telegram.formatting.found_entities import found

if TYPE_CHECKING:
    from infra.sandbox.telegram.models import Bot, Chat, Json, Topic
    from infra.sandbox.telegram.state import Telegram


def person(number: int, first_name: str, last_name: str = "") -> Json:
    """The User object of a person."""
    name = {"first_name": first_name} | ({"last_name": last_name} if last_name else {})
    return {"id": number, "is_bot": False} | name | {"language_code": "ru"}


@dataclass(slots=True)
class Actor:
    """A person in a chat with a bot. Each method sends an update; it returns the webhook's response.

    `n` beside it is the number of the last event before the bot knew of it: wait for its answer after that one.
    """

    telegram: Telegram
    bot: Bot
    chat: Chat
    sender: Json

    async def say(self, text: str, topic: Topic | None, more: Json | None = None) -> Json:
        """Write a message; `more` are further fields, a file and its caption for example."""
        content: Json = ({"text": text} if text else {}) | (more or {})
        if entities := found(text, []):
            content["entities"] = entities
        if topic and (first := self.chat.messages.get(topic.id)):
            content = {"reply_to_message": first} | content
        message = self.telegram.post(self.chat, self.sender, content, topic)
        said = {"message_id": message["message_id"], "n": self.telegram.events.count}
        return said | await deliver(self.telegram, self.bot, "message", message)

    async def edit(self, message: Json, text: str) -> Json:
        """Change the text or caption of a message."""
        field = "text" if "text" in message else "caption"
        message = message | {field: text, "edit_date": int(time.time())}
        self.telegram.change(self.chat, message)
        n = self.telegram.events.count
        return {"n": n} | await deliver(self.telegram, self.bot, "edited_message", message)

    async def press(self, message_id: int, data: str) -> Json:
        """Press a callback button."""
        query_id, n = self.telegram.new_callback(self.bot.id, self.chat), self.telegram.events.count
        inaccessible = {"chat": self.chat.public(), "message_id": message_id, "date": 0}
        query = {
            "id": query_id,
            "from": self.sender,
            "message": self.chat.messages.get(message_id, inaccessible),
            "chat_instance": str(-7_000_000_000_000_000_000 - self.chat.id),
            "data": data,
        }
        delivered = await deliver(self.telegram, self.bot, "callback_query", query)
        return {"callback_query_id": query_id, "n": n} | delivered

    async def change_member(self, status: str) -> Json:
        """Block (`kicked`) or unblock (`member`) the bot; in a group, remove or add it."""
        is_kicked = status == "kicked"
        user = {"user": self.bot.public()}
        kicked, member = user | {"status": "kicked", "until_date": 0}, user | {"status": "member"}
        self.chat.blocked = _refusal(self.chat.type) if is_kicked else None
        self.telegram.changed()
        change = {
            "chat": self.chat.public(),
            "from": self.sender,
            "date": int(time.time()),
            "old_chat_member": member if is_kicked else kicked,
            "new_chat_member": kicked if is_kicked else member,
        }
        return await deliver(self.telegram, self.bot, "my_chat_member", change)


def _refusal(chat_type: str) -> str:
    if chat_type == "private":
        return "Forbidden: bot was blocked by the user"
    return f"Forbidden: bot was kicked from the {chat_type} chat"
