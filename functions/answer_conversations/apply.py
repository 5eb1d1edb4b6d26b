"""Write what follows from a burst, in one transaction: an answer, a handover, an opt-out, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from functions.answer_conversations import bursts, first_messages, texts
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
        return await _opt_out(connection, conversation, burst, correlation_id)
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
    """Call people. Who wrote long ago hears nothing from a bot: they are not there any more."""
    trigger = decision.trigger_type or "manual"
    _, card = await open_handover.open_handover(connection, conversation, trigger, burst.transcript, correlation_id)
    shown = [*card, *first_messages.in_topic(conversation, burst, correlation_id)]
    if burst.is_backlog:
        return Applied("handed_over", shown)
    hours, language = open_handover.working_hours(conversation), conversation.desk.language
    text = texts.handover_opened(hours, conversation.now, language)
    if not conversation.desk.has_group:
        text = texts.NOBODY_CALLED.in_(language)
    return Applied("handed_over", [*shown, *await _reply(connection, conversation, text, correlation_id)])


async def _join_handover(
    connection: Connection, conversation: Conversation, burst: Burst, correlation_id: str
) -> Applied:
    """Count it at the handover and page nobody. After it was resolved, the customer is told once who can read it."""
    await updates.write(connection, [ConversationUpdate(conversation, conversation.bot, event="joined")])
    shown = first_messages.in_topic(conversation, burst, correlation_id)
    text = texts.MESSAGE_RECEIVED.in_(conversation.desk.language)
    is_said = conversation.open_status or burst.is_backlog or burst.history[-1:] == [("assistant", text)]
    if is_said or not conversation.has_topic:
        return Applied("quiet", shown)
    return Applied("handed_over", [*shown, *await _reply(connection, conversation, text, correlation_id)])


async def _opt_out(connection: Connection, conversation: Conversation, burst: Burst, correlation_id: str) -> Applied:
    """Cancel the open handover; without one, mute the bot, and confirm the first refusal only.

    A refusal that came a day late is respected without a word, and cancels nothing that was opened after it.
    """
    shown = first_messages.in_topic(conversation, burst, correlation_id) if burst.is_backlog else []
    if (
        conversation.handover
        and conversation.open_status
        and burst.was_written_before(conversation.handover.created_at)
    ):
        return Applied("quiet", shown)
    before = OptOutState(
        conversation.bot, conversation.no_count, conversation.last_message_at, conversation.open_status
    )
    after = after_opt_out(before, conversation.now, conversation.desk.mutes)
    words, language = open_handover.calling_words(conversation.desk), conversation.desk.language
    if after.handover and (cancelled := updates.from_transition(conversation, "cancel")):
        await updates.write(connection, [cancelled])
        edits = await cards.refreshed(
            connection, [conversation.handover.id] if conversation.handover else [], correlation_id
        )
        said = (
            []
            if burst.is_backlog
            else await _reply(connection, conversation, texts.cancelled(words, language), correlation_id)
        )
        return Applied("quiet", [*edits, *shown, *said])
    await updates.write(connection, [ConversationUpdate(conversation, after.bot, no_count=after.no_count)])
    may_answer = mute.may_answer(conversation.bot, conversation.open_status, conversation.now)
    if after.no_count > 1 or not may_answer or burst.is_backlog:
        return Applied("quiet", shown)
    text = texts.opted_out(words, language)
    return Applied("answered", await _reply(connection, conversation, text, correlation_id))


async def _reply(
    connection: Connection, conversation: Conversation, text: str, correlation_id: str
) -> list[LinkedMessage]:
    """Store a message of the bot; the messages that carry it to the customer and, if there is one, into the topic.

    Without an account nothing can be said, and nothing is stored as if it had been.
    """
    if conversation.desk.whatsapp_bot_id is None:
        logs.error("client_without_account", client_id=str(conversation.desk.id), next_step="carillon doctor")
        return []
    message_id = await messages.add(connection, conversation, NewMessage("assistant", text, correlation_id))
    if message_id is None:
        return []
    reply = replies.reply(conversation, message_id, {"text": text}, BOT_REPLY, correlation_id)
    key = f"support/in-topic/{message_id}"
    copy = topic_messages.text(conversation, "🤖", text, key, correlation_id) if conversation.has_topic else None
    return [*([reply] if reply else []), *([LinkedMessage(copy)] if copy else [])]
