"""Write what follows from a burst, in one transaction: an answer, a handover, an opt-out, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from functions.answer_conversations import bursts, texts
from functions.answer_conversations.bursts import Burst
from functions.answer_conversations.decide import decide, is_opt_out
from functions.answer_conversations.llm import ModelVerdict
from shared import logs
from shared.database.pool import Connection
from shared.delivery.kinds import BOT_REPLY
from shared.support import (
    cards,
    conversations,
    messages,
    mute,
    open_handover,
    outgoing,
    replies,
    topic_messages,
    updates,
)
from shared.support.conversations import Conversation
from shared.support.escalation import Decision
from shared.support.messages import NewMessage
from shared.support.opt_out import OptOutState, after_opt_out
from shared.support.outgoing import LinkedMessage
from shared.support.updates import ConversationUpdate

Outcome = Literal["answered", "handed_over", "quiet", "overtaken"]


@dataclass(frozen=True)
class Applied:
    """What was done, and the messages that were enqueued for it."""

    outcome: Outcome
    linked_messages: Sequence[LinkedMessage] = ()


async def apply(
    connection: Connection, burst: Burst, verdict: ModelVerdict, correlation_id: str, *, has_model: bool
) -> Applied:
    """Write what follows and enqueue its messages, in the caller's transaction.

    Everything is decided again under the lock: while the model worked, a manager may have taken the conversation.
    """
    locked = await conversations.lock(connection, [burst.claim.conversation_id])
    if not locked or not await bursts.mark_read(connection, burst):
        return Applied("overtaken")
    conversation = locked[0]
    if verdict.classified:
        await bursts.classify(connection, burst, verdict.classified.intent, verdict.classified.confidence)
    applied = await _apply_decision(connection, conversation, burst, verdict, correlation_id, has_model=has_model)
    await outgoing.enqueue_linked(connection, applied.linked_messages)
    return applied


async def _apply_decision(
    connection: Connection,
    conversation: Conversation,
    burst: Burst,
    verdict: ModelVerdict,
    correlation_id: str,
    *,
    has_model: bool,
) -> Applied:
    if is_opt_out(conversation, burst):
        return await _opt_out(connection, conversation, correlation_id)
    decision = decide(conversation, burst, verdict.classified, has_model=has_model)
    if decision.action == "answer" and verdict.answer is not None:
        return Applied("answered", await _reply(connection, conversation, verdict.answer, correlation_id))
    if decision.action == "answer":  # the model failed at the last step
        decision = decide(conversation, burst, None, has_model=has_model)
    if decision.action == "nothing":
        return Applied("quiet")
    if decision.action == "open":
        return await _open_handover(connection, conversation, burst, decision, correlation_id)
    return await _join_handover(connection, conversation, burst, correlation_id)


async def _open_handover(
    connection: Connection, conversation: Conversation, burst: Burst, decision: Decision, correlation_id: str
) -> Applied:
    trigger = decision.trigger_type or "manual"
    _, card = await open_handover.open_handover(connection, conversation, trigger, burst.text, correlation_id)
    files = [] if conversation.has_topic else await _files(connection, conversation, burst, correlation_id)
    reply = await _reply(
        connection,
        conversation,
        texts.handover_opened(open_handover.working_hours(conversation), conversation.now, conversation.desk.language),
        correlation_id,
    )
    return Applied("handed_over", [*card, *files, *reply])


async def _files(
    connection: Connection, conversation: Conversation, burst: Burst, correlation_id: str
) -> list[LinkedMessage]:
    """The burst's files, which came before there was a topic to show them in; its texts are on the card."""
    linked_messages = []
    for file in await bursts.files(connection, burst):
        key = f"support/in-topic/{file['id']}"
        message = topic_messages.media(conversation, file["kind"], file["media"], "👤", key, correlation_id)
        if message:
            linked_messages.append(LinkedMessage(message, carries=file["id"]))
    return linked_messages


async def _join_handover(
    connection: Connection, conversation: Conversation, burst: Burst, correlation_id: str
) -> Applied:
    """Count it at the handover and page nobody. After it was closed, the customer is told once that it was received."""
    await updates.write(connection, [ConversationUpdate(conversation, conversation.bot, event="joined")])
    text = texts.MESSAGE_RECEIVED.in_(conversation.desk.language)
    if conversation.open_status or burst.history[-1:] == [("assistant", text)]:
        return Applied("quiet")
    return Applied("handed_over", await _reply(connection, conversation, text, correlation_id))


async def _opt_out(connection: Connection, conversation: Conversation, correlation_id: str) -> Applied:
    """Cancel the open handover; without one, mute the bot, and confirm the first refusal only."""
    before = OptOutState(
        conversation.bot, conversation.no_count, conversation.last_message_at, conversation.open_status
    )
    after = after_opt_out(before, conversation.now, conversation.desk.mutes)
    if after.handover and (cancelled := updates.from_transition(conversation, "cancel")):
        await updates.write(connection, [cancelled])
        edits = await cards.refreshed(
            connection, [conversation.handover.id] if conversation.handover else [], correlation_id
        )
        text = texts.CANCELLED.in_(conversation.desk.language)
        return Applied("quiet", [*edits, *await _reply(connection, conversation, text, correlation_id)])
    await updates.write(connection, [ConversationUpdate(conversation, after.bot, no_count=after.no_count)])
    may_answer = mute.may_answer(conversation.bot, conversation.open_status, conversation.now)
    if after.no_count > 1 or not may_answer:
        return Applied("quiet")
    text = texts.OPTED_OUT.in_(conversation.desk.language)
    return Applied("answered", await _reply(connection, conversation, text, correlation_id))


async def _reply(
    connection: Connection, conversation: Conversation, text: str, correlation_id: str
) -> list[LinkedMessage]:
    """Store a message of the bot; the messages that carry it to the customer and, if there is one, into the topic."""
    message_id = await messages.add(connection, conversation, NewMessage("assistant", text, correlation_id))
    if message_id is None:
        return []
    reply = replies.reply(conversation, message_id, {"text": text}, BOT_REPLY, correlation_id)
    if reply is None:
        logs.error("client_without_account", client_id=str(conversation.desk.id), next_step="carillon doctor")
        return []
    key = f"support/in-topic/{message_id}"
    copy = topic_messages.text(conversation, "🤖", text, key, correlation_id) if conversation.has_topic else None
    return [reply, *([LinkedMessage(copy)] if copy else [])]
