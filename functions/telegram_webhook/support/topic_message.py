"""What managers write in a person's topic goes to that person; what cannot go is told in the topic."""

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
from shared.support import cards, conversations, messages, open_handover, replies, topic_messages, updates
from shared.support import mute as support_mute
from shared.support.conversations import Conversation
from shared.support.messages import NewMessage
from shared.support.outgoing import LinkedMessage
from shared.support.updates import Actor, ConversationUpdate

_SQL = sql.load(__file__)


async def forward(connection: Connection, bot_id: int, event: TopicMessage, settings: Settings) -> Reaction:
    """Words and file go to the client, whoever of the group wrote them, and the request becomes theirs."""
    conversation = await _conversation(connection, bot_id, event)
    if conversation is None:
        return NO_REACTION
    carried, url = event.carried, _link(settings, bot_id, event, conversation)
    if (carried.text or url) and conversation.client.whatsapp_bot_id is None:
        return Reaction(_notice(conversation, event.place, texts.NO_ACCOUNT, "no-account"))
    linked_messages = await _to_customer(connection, conversation, event, url) if carried.text or url else []
    if carried.left_out and not url:
        text = texts.ONLY_WORDS if carried.text else texts.FILE_STAYED
        text = text if carried.left_out == "file" else texts.OTHER_STAYED
        linked_messages += _notice(conversation, event.place, text, "left-out", event.album)
    return Reaction(linked_messages)


def _link(settings: Settings, bot_id: int, event: TopicMessage, conversation: Conversation) -> str | None:
    """Where the gateway can fetch the file; None: there is none, or nothing gives files out."""
    file = event.carried.file
    return (
        media_links.link(settings, Reference(bot_id, "telegram", file.id), file.name, conversation.now)
        if file
        else None
    )


async def edited(connection: Connection, bot_id: int, event: Edited) -> Reaction:
    """WhatsApp is not told of edits; whoever edits has to know."""
    conversation = await _conversation(connection, bot_id, event)
    return Reaction(_notice(conversation, event.place, texts.EDIT_STAYED, "edited")) if conversation else NO_REACTION


async def handover(connection: Connection, bot_id: int, event: Handover) -> Reaction:
    """A request opened by hand; the one that is open is pointed to."""
    conversation = await _conversation(connection, bot_id, event)
    if conversation is None:
        return NO_REACTION
    if conversation.handover and conversation.handover.is_open:
        await updates.write(
            connection, [ConversationUpdate(conversation, conversation.bot, event="joined", by=event.by)]
        )
        return Reaction(_notice(conversation, event.place, texts.ALREADY_OPEN, "joined"))
    _, linked_messages = await open_handover.open_handover(
        connection, conversation, "manual", "", logs.correlation_id.get()
    )
    return Reaction(linked_messages)


async def _conversation(
    connection: Connection, bot_id: int, event: TopicMessage | Edited | Handover
) -> Conversation | None:
    """The conversation whose topic it is, locked; None: a topic of somebody else's, or an update that came before."""
    place = event.place
    parameters = {"bot_id": bot_id, "chat_id": place.chat_id, "thread_id": place.thread_id}
    row = await (await connection.execute(_SQL["find"], parameters)).fetchone()
    if row is None or not await processed_updates.mark(connection, bot_id, event.update_id):
        return None
    found = await conversations.lock(connection, [row["id"]])
    return found[0] if found else None


async def _to_customer(
    connection: Connection, conversation: Conversation, event: TopicMessage, url: str | None
) -> list[LinkedMessage]:
    correlation_id, text, file = logs.correlation_id.get(), event.carried.text, event.carried.file
    metadata: dict[str, Any] = {
        "from": "telegram",
        "telegram_message_id": event.place.message_id,
        "name": event.by.name_in(conversation.client.language),
    }
    method, payload = "sendMessage", {"text": text}
    if url and file:
        method, payload = f"send{file.kind.title()}", {file.kind: url, "caption": text, "file_name": file.name}
        metadata["kind"] = file.kind
    message_id = await messages.add(
        connection, conversation, NewMessage("manager", text, correlation_id, metadata=metadata)
    )
    change = _record(conversation, event.by)
    await updates.write(connection, [change])
    linked_messages: list[LinkedMessage] = []
    if message_id and (
        linked := replies.reply(conversation, message_id, payload, MANAGER_REPLY, correlation_id, method)
    ):
        linked_messages.append(linked)
    if conversation.handover and change.event:
        linked_messages += await cards.refreshed(connection, [conversation.handover.id], correlation_id)
    return linked_messages


def _record(conversation: Conversation, by: Actor) -> ConversationUpdate:
    mute = conversation.client.manager_mute_minutes
    quiet = ConversationUpdate(conversation, support_mute.manager_wrote(conversation.bot, conversation.now, mute))
    return updates.from_transition(conversation, "manager_wrote", by) or quiet


def _notice(
    conversation: Conversation, place: MessageRef, text: Text, what: str, album: str = ""
) -> list[LinkedMessage]:
    """Said below the message that it is about, once; an album counts as one."""
    key = f"support/{what}/{conversation.conversation_id}/{album or place.message_id}"
    number = conversation.handover.number if conversation.handover else None
    html = text.in_(conversation.client.language).format(number=number)
    note = topic_messages.notice(conversation, html, key, logs.correlation_id.get())
    below = {"message_id": place.message_id, "allow_sending_without_reply": True}
    return [LinkedMessage(replace(note, payload={**note.payload, "reply_parameters": below}))] if note else []
