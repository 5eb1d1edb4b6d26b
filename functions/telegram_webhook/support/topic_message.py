"""What managers write in a customer's topic goes to the customer; what cannot go is noted in the topic."""

from dataclasses import replace
from typing import Any

from functions.telegram_webhook import processed_updates
from functions.telegram_webhook.reaction import NO_REACTION, Reaction
from functions.telegram_webhook.support import texts
from functions.telegram_webhook.updates.parse import Edited, Handover, MessageRef, TopicMessage
from shared import logs
from shared.channels import media_links
from shared.channels.media_links import Reference
from shared.config import Settings
from shared.database import sql
from shared.database.pool import Connection
from shared.delivery.kinds import MANAGER_REPLY
from shared.i18n.texts import Text
from shared.support import cards, conversations, messages, mute, open_handover, replies, topic_messages, updates
from shared.support.conversations import Conversation
from shared.support.messages import NewMessage
from shared.support.outgoing import LinkedMessage
from shared.support.updates import Actor, ConversationUpdate

_SQL = sql.load(__file__)


async def forward(connection: Connection, bot_id: int, event: TopicMessage, settings: Settings) -> Reaction:
    """Send text and file to the customer, and assign the handover to whoever of the group wrote them."""
    conversation = await _conversation(connection, bot_id, event)
    if conversation is None:
        return NO_REACTION
    content, url = event.content, _link(settings, bot_id, event, conversation)
    if (content.text or url) and conversation.desk.whatsapp_bot_id is None:
        return Reaction(_notice(conversation, event.message, texts.NO_ACCOUNT, "no-account"))
    linked_messages = await _to_customer(connection, conversation, event, url) if content.text or url else []
    if content.left_out and not url:
        text = texts.ONLY_WORDS if content.text else texts.FILE_STAYED
        text = text if content.left_out == "file" else texts.OTHER_STAYED
        linked_messages += _notice(conversation, event.message, text, "left-out", event.album)
    return Reaction(linked_messages)


def _link(settings: Settings, bot_id: int, event: TopicMessage, conversation: Conversation) -> str | None:
    """The address at which the gateway can fetch the file; None: there is no file, or MEDIA_URL is not set."""
    file = event.content.file
    return (
        media_links.link(settings, Reference(bot_id, "telegram", file.id), file.name, conversation.now)
        if file
        else None
    )


async def edited(connection: Connection, bot_id: int, event: Edited) -> Reaction:
    """Edits do not go to WhatsApp: note it in the topic."""
    conversation = await _conversation(connection, bot_id, event)
    return Reaction(_notice(conversation, event.message, texts.EDIT_STAYED, "edited")) if conversation else NO_REACTION


async def handover(connection: Connection, bot_id: int, event: Handover) -> Reaction:
    """Open a handover by hand; if one is open, say which."""
    conversation = await _conversation(connection, bot_id, event)
    if conversation is None:
        return NO_REACTION
    if conversation.handover and conversation.handover.is_open:
        await updates.write(
            connection, [ConversationUpdate(conversation, conversation.bot, event="joined", by=event.by)]
        )
        return Reaction(_notice(conversation, event.message, texts.ALREADY_OPEN, "joined"))
    _, linked_messages = await open_handover.open_handover(
        connection, conversation, "manual", "", logs.correlation_id.get()
    )
    return Reaction(linked_messages)


async def _conversation(
    connection: Connection, bot_id: int, event: TopicMessage | Edited | Handover
) -> Conversation | None:
    """The topic's conversation, locked; None: no topic of a desk, or an update that was processed before."""
    message = event.message
    parameters = {"bot_id": bot_id, "chat_id": message.chat_id, "thread_id": message.thread_id}
    row = await sql.fetch_optional(connection, _SQL["find"], parameters)
    if row is None or not await processed_updates.mark(connection, bot_id, event.update_id):
        return None
    locked = await conversations.lock(connection, [row["id"]])
    return locked[0] if locked else None


async def _to_customer(
    connection: Connection, conversation: Conversation, event: TopicMessage, url: str | None
) -> list[LinkedMessage]:
    correlation_id, text, file = logs.correlation_id.get(), event.content.text, event.content.file
    metadata: dict[str, Any] = {
        "from": "telegram",
        "telegram_message_id": event.message.message_id,
        "name": event.by.name_in(conversation.desk.language),
    }
    method, payload = "sendMessage", {"text": text}
    if url and file:
        method, payload = f"send{file.kind.title()}", {file.kind: url, "caption": text, "file_name": file.name}
        metadata["kind"] = file.kind
    message_id = await messages.add(
        connection, conversation, NewMessage("manager", text, correlation_id, metadata=metadata)
    )
    update = _update(conversation, event.by)
    await updates.write(connection, [update])
    linked_messages: list[LinkedMessage] = []
    if message_id and (
        linked := replies.reply(conversation, message_id, payload, MANAGER_REPLY, correlation_id, method)
    ):
        linked_messages.append(linked)
    if conversation.handover and update.event:
        linked_messages += await cards.refreshed(connection, [conversation.handover.id], correlation_id)
    return linked_messages


def _update(conversation: Conversation, by: Actor) -> ConversationUpdate:
    if update := updates.from_transition(conversation, "manager_wrote", by):
        return update
    minutes = conversation.desk.manager_mute_minutes
    return ConversationUpdate(conversation, mute.manager_wrote(conversation.bot, conversation.now, minutes))


def _notice(
    conversation: Conversation, message: MessageRef, text: Text, what: str, album: str = ""
) -> list[LinkedMessage]:
    """A reply to the manager's message, once; an album counts as one message."""
    key = f"support/{what}/{conversation.conversation_id}/{album or message.message_id}"
    number = conversation.handover.number if conversation.handover else None
    html = text.in_(conversation.desk.language).format(number=number)
    notice = topic_messages.notice(conversation, html, key, logs.correlation_id.get())
    reply = {"message_id": message.message_id, "allow_sending_without_reply": True}
    return [LinkedMessage(replace(notice, payload={**notice.payload, "reply_parameters": reply}))] if notice else []
