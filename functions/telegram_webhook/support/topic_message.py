"""What managers write in a customer's topic goes to the customer; what cannot go is noted in the topic."""

import hashlib
from dataclasses import replace
from typing import Any

from functions.telegram_webhook import members, processed_updates
from functions.telegram_webhook.reaction import NO_REACTION, Reaction
from functions.telegram_webhook.support import texts
from functions.telegram_webhook.updates import polls
from functions.telegram_webhook.updates.content import Content
from functions.telegram_webhook.updates.events import Edited, Handover, MessageRef, TopicMessage
from functions.telegram_webhook.updates.rich_message import LeftOut
from shared import logs
from shared.channels import media_links
from shared.channels.media_links import Reference
from shared.config import Settings
from shared.database import sql
from shared.database.pool import Connection
from shared.delivery.kinds import MANAGER_REPLY
from shared.i18n.texts import Text
from shared.support import cards, conversations, messages, mute, open_handover, replies, topic_messages, updates
from shared.support.actor import Actor
from shared.support.conversations import Conversation
from shared.support.messages import NewMessage
from shared.support.outgoing import LinkedMessage
from shared.support.updates import ConversationUpdate

INTERNAL: LeftOut = "internal"

_SQL = sql.load(__file__)


async def forward(connection: Connection, bot_id: int, event: TopicMessage, settings: Settings) -> Reaction:
    """Send text and file to the customer, and assign the handover to whoever of the group wrote them."""
    conversation = await _conversation(connection, bot_id, event)
    if conversation is None:
        return NO_REACTION
    if await _is_internal(connection, conversation, event):
        return NO_REACTION
    content, url = event.content, _link(settings, bot_id, event, conversation)
    if (content.text or url) and conversation.desk.whatsapp_bot_id is None:
        return Reaction(_notice(conversation, event.message, texts.NO_ACCOUNT, "no-account"))
    linked_messages = await _to_customer(connection, conversation, event, url) if content.text or url else []
    if stayed := [kind for kind in content.left_out if not (kind == "file" and url)]:
        text = texts.stayed(stayed, some_words_went=bool(content.text))
        what = INTERNAL if stayed == [INTERNAL] else "left-out"
        linked_messages += _notice(conversation, event.message, text, what, event.album)
    return Reaction(linked_messages)


async def _is_internal(connection: Connection, conversation: Conversation, event: TopicMessage) -> bool:
    """Whether the album that a file belongs to has a caption that makes it a note: only one of its messages has it."""
    if not event.album or event.content.left_out == ("internal",):
        return False
    key = f"support/{INTERNAL}/{conversation.conversation_id}/{event.album}"
    return await sql.fetch_optional(connection, _SQL["is_told"], {"key": key}) is not None


def _link(settings: Settings, bot_id: int, event: TopicMessage, conversation: Conversation) -> str | None:
    """The address at which the gateway can fetch the file; None: there is no file, or MEDIA_URL is not set."""
    file = event.content.file
    return (
        media_links.link(settings, Reference(bot_id, "telegram", file.id), file.name, conversation.now)
        if file
        else None
    )


async def edited(connection: Connection, bot_id: int, event: Edited) -> Reaction:
    """Edits do not go to WhatsApp: note each that changes what was carried, and notes that became words.

    A reaction arrives as an edit that changes nothing. What stayed without words was told when it was written.
    """
    conversation = await _conversation(connection, bot_id, event)
    if conversation is None:
        return NO_REACTION
    parameters = {
        "conversation_id": conversation.conversation_id,
        "message_id": event.message.message_id,
    }
    carried = await sql.fetch_optional(connection, _SQL["carried"], parameters)
    content = event.content
    if carried is None:
        changed = bool(content.text) and not content.text.startswith("/")
    else:
        changed = _canonical(carried["content"]) != _canonical(content.text) or _is_other_file(carried["file"], content)
    if not changed:
        return NO_REACTION
    digest = hashlib.sha256(f"{content.text}/{content.file.unique_id if content.file else ''}".encode()).hexdigest()
    return Reaction(_notice(conversation, event.message, texts.EDIT_STAYED, f"edited/{digest[:16]}"))


def _canonical(text: str) -> str:
    """The words without what changes by itself: spaces, and the ticks of a checklist."""
    return " ".join(text.replace(polls.DONE, polls.OPEN).split())


def _is_other_file(carried: str | None, content: Content) -> bool:
    return bool(carried and content.file and content.file.unique_id not in ("", carried))


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
    if row is None:
        logs.info("update_ignored", reason="no customer's topic")
        return None
    if not await processed_updates.mark(connection, bot_id, event.update_id):
        return None
    await members.remember(connection, bot_id, message.chat_id, event.by)
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
        metadata |= {"kind": file.kind, "file": file.unique_id}
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
