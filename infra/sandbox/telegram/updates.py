"""What people do in their chats, sent to the bot's webhook as updates."""

from __future__ import annotations

import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

import httpx

from infra.sandbox.telegram.errors import ApiError
from infra.sandbox.telegram.journal import Attempt
from infra.sandbox.telegram.methods.entities import commands
from infra.sandbox.telegram.params import chat_id, parse_body
from infra.sandbox.telegram.routes import perform_and_record
from infra.sandbox.telegram.state import mask_tokens

if TYPE_CHECKING:
    from infra.sandbox.telegram.state import Bot, Chat, Json, Telegram, Topic, Webhook

# Besides all that begin with get, the server ignores these in the body of a webhook's answer.
_NOT_IN_ANSWERS = ("setwebhook", "deletewebhook", "close", "logout")
_TIMEOUT_S = 60.0


def person(number: int, first_name: str) -> Json:
    """The User object of a person."""
    return {"id": number, "is_bot": False, "first_name": first_name, "language_code": "ru"}


@dataclass(slots=True)
class Actor:
    """A person in a chat with a bot. Each method sends an update; it returns the webhook's response."""

    telegram: Telegram
    bot: Bot
    chat: Chat
    sender: Json

    async def say(self, text: str, topic: Topic | None, more: Json | None = None) -> Json:
        """Write a message; `more` are further fields, a file and its caption for example."""
        content: Json = ({"text": text} if text else {}) | (more or {})
        if found := commands(text):
            content["entities"] = found
        if topic and (first := self.chat.messages.get(topic.id)):
            content = {"reply_to_message": first} | content
        message = self.telegram.post(self.chat, self.sender, content, topic)
        delivered = await deliver(self.telegram, self.bot, "message", message)
        return {"message_id": message["message_id"]} | delivered

    async def edit(self, message: Json, text: str) -> Json:
        """Change the text or caption of a message."""
        field = "text" if "text" in message else "caption"
        message |= {field: text, "edit_date": int(time.time())}
        self.telegram.touch(self.chat)
        return await deliver(self.telegram, self.bot, "edited_message", message)

    async def press(self, message_id: int, data: str) -> Json:
        """Press a callback button."""
        query_id = self.telegram.new_callback(self.bot.id)
        inaccessible = {"chat": self.chat.public(), "message_id": message_id, "date": 0}
        query = {
            "id": query_id,
            "from": self.sender,
            "message": self.chat.messages.get(message_id, inaccessible),
            "chat_instance": str(-7_000_000_000_000_000_000 - self.chat.id),
            "data": data,
        }
        delivered = await deliver(self.telegram, self.bot, "callback_query", query)
        return {"callback_query_id": query_id} | delivered

    async def change_member(self, status: str) -> Json:
        """Block (`kicked`) or unblock (`member`) the bot; in a group, remove or add it."""
        is_kicked = status == "kicked"
        user = {"user": self.bot.public()}
        kicked, member = user | {"status": "kicked", "until_date": 0}, user | {"status": "member"}
        self.chat.blocked = _refusal(self.chat.type) if is_kicked else None
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


async def deliver(telegram: Telegram, bot: Bot, kind: str, content: Json) -> Json:
    """Send an update once; its id, the webhook's status and body, and the method that the body asked for."""
    bot.update_id += 1
    update = {"update_id": bot.update_id, kind: content}
    hook = bot.webhook
    if hook is None:
        bot.pending.append(update)
        bot.arrived.set()
        return {"update_id": bot.update_id, "queued": True}
    if hook.allowed_updates and kind not in hook.allowed_updates:
        return {"update_id": update["update_id"], "filtered": True}
    try:
        response = await _post(hook, update)
    except httpx.HTTPError as error:
        bot.webhook_error = (int(time.time()), "Connection failed")
        return {"update_id": update["update_id"], "status": None, "error": type(error).__name__}
    answer: Json = {"update_id": update["update_id"], "status": response.status_code}
    answer["body"] = mask_tokens(response.text)
    if response.is_success:
        return answer | _perform_answer(telegram, bot, response)
    phrase = HTTPStatus(response.status_code).phrase
    description = f"Wrong response from the webhook: {response.status_code} {phrase}"
    bot.webhook_error = (int(time.time()), description)
    return answer


async def _post(hook: Webhook, update: Json) -> httpx.Response:
    headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret_token} if hook.secret_token else {}
    timeout = dict.fromkeys(("connect", "read", "write", "pool"), _TIMEOUT_S)
    request = httpx.Request("POST", hook.url, json=update, headers=headers, extensions={"timeout": timeout})
    # The transport alone: httpx's client would log the address, which may have a token in it.
    encrypted = hook.url.startswith("https:")
    async with httpx.AsyncHTTPTransport(verify=encrypted, trust_env=False) as transport:
        response = await transport.handle_async_request(request)
        await response.aread()
        return response


def _perform_answer(telegram: Telegram, bot: Bot, response: httpx.Response) -> Json:
    """Call the method in the body of a webhook's answer; nobody gets its result, as with the real server."""
    try:
        params = parse_body(response.content, response.headers.get("content-type", ""))
    except ApiError:
        return {}
    method = str(params.pop("method", ""))
    if not method or method.lower().startswith("get") or method.lower() in _NOT_IN_ANSWERS:
        return {}
    perform_and_record(telegram, bot, Attempt(bot.id, method, chat_id(params), params))
    return {"performed": method}
