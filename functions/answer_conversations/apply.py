"""Write what follows from a burst, in one transaction: an answer, a handover, an opt-out, or nothing."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from functions.answer_conversations import bursts, first_messages, reply_limit, texts
from functions.answer_conversations.bursts import Burst
from functions.answer_conversations.decide import Findings, call_a_person, decide, is_opt_out
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
from shared.support.calling_words import calling_words
from shared.support.conversations import Conversation
from shared.support.escalation import Decision
from shared.support.messages import NewMessage
from shared.support.opt_out import AfterOptOut, OptOutState, after_opt_out
from shared.support.outgoing import LinkedMessage
from shared.support.updates import ConversationUpdate

Outcome = Literal["answered", "handed_over", "quiet", "overtaken"]


@dataclass(frozen=True)
class Applied:
    """What was done, and the messages that were enqueued for it."""

    outcome: Outcome
    linked_messages: Sequence[LinkedMessage] = ()


async def apply(connection: Connection, burst: Burst, findings: Findings, correlation_id: str) -> Applied:
    """Write what follows and enqueue its messages, in the caller's transaction.

    Everything is decided again under the lock: while the model worked, a manager may have taken the conversation.
    """
    locked = await conversations.lock(connection, [burst.claim.conversation_id])
    if not locked or not await bursts.mark_read(connection, burst):
        return Applied("overtaken")
    conversation, classified = locked[0], findings.verdict.classified
    if classified:
        await bursts.classify(connection, burst, classified.intent, classified.confidence)
    applied = await _apply_decision(connection, conversation, burst, findings, correlation_id)
    await outgoing.enqueue_linked(connection, applied.linked_messages)
    return applied


async def _apply_decision(
    connection: Connection, conversation: Conversation, burst: Burst, findings: Findings, correlation_id: str
) -> Applied:
    if is_opt_out(conversation, burst, findings.matches):
        return await _opt_out(connection, conversation, burst, correlation_id)
    decision, text = decide(conversation, burst, findings), findings.verdict.answer
    if decision.action == "answer" and text is not None:
        allowance = await reply_limit.count(connection, conversation)
        if not allowance.is_used_up:
            answer = NewMessage("assistant", text, correlation_id)
            return Applied("answered", await _reply(connection, conversation, answer))
        return await _fall_silent(connection, conversation, burst, allowance.until, correlation_id)
    if decision.action == "answer":  # the model failed at the last step
        decision = decide(conversation, burst, replace(findings, verdict=ModelVerdict()))
    if decision.action == "nothing":
        return Applied("quiet")
    return await hand_over(connection, conversation, burst, decision, correlation_id)


async def _fall_silent(
    connection: Connection, conversation: Conversation, burst: Burst, until: datetime, correlation_id: str
) -> Applied:
    """Call people, and say nothing more until then: whoever gets so many replies an hour may be a machine, too."""
    minutes = math.ceil((until - conversation.now) / timedelta(minutes=1))
    silent = replace(conversation, bot=mute.mute(conversation.bot, conversation.now, minutes))
    await updates.write(connection, [ConversationUpdate(silent, silent.bot)])
    decision = call_a_person(silent, "intent")
    applied = await hand_over(connection, silent, burst, decision, correlation_id)
    notice = reply_limit.notice(silent, until, correlation_id)
    return replace(applied, linked_messages=[*applied.linked_messages, *notice])


async def hand_over(
    connection: Connection, conversation: Conversation, burst: Burst, decision: Decision, correlation_id: str
) -> Applied:
    """Open a handover of the locked conversation, or join the one that there is. The caller enqueues the messages."""
    if decision.action == "open":
        return await _open_handover(connection, conversation, burst, decision, correlation_id)
    return await _join_handover(connection, conversation, burst, correlation_id)


async def _open_handover(
    connection: Connection, conversation: Conversation, burst: Burst, decision: Decision, correlation_id: str
) -> Applied:
    """Call people. Who wrote long ago hears nothing from a bot: they are not there any more."""
    trigger = decision.trigger_type or "manual"
    _, card = await open_handover.open_handover(connection, conversation, trigger, burst.transcript, correlation_id)
    shown = [*card, *await first_messages.in_topic(connection, conversation, burst, correlation_id)]
    if burst.unread.is_backlog:
        return Applied("handed_over", shown)
    hours, language = open_handover.working_hours(conversation), conversation.desk.language
    text = texts.handover_opened(hours, conversation.now, language)
    if not conversation.desk.has_group:
        text = texts.NOBODY_CALLED.in_(language)
    return Applied("handed_over", [*shown, *await _notify(connection, conversation, text, correlation_id)])


async def _join_handover(
    connection: Connection, conversation: Conversation, burst: Burst, correlation_id: str
) -> Applied:
    """Count it at the handover and page nobody. After it was resolved, the customer is told once who can read it."""
    await updates.write(connection, [ConversationUpdate(conversation, conversation.bot, event="joined")])
    shown = await first_messages.in_topic(connection, conversation, burst, correlation_id)
    text = texts.MESSAGE_RECEIVED.in_(conversation.desk.language)
    is_said = conversation.open_status or burst.unread.is_backlog or burst.history[-1:] == [("assistant", text)]
    if is_said:
        return Applied("quiet", shown)
    return Applied("handed_over", [*shown, *await _notify(connection, conversation, text, correlation_id)])


async def _opt_out(connection: Connection, conversation: Conversation, burst: Burst, correlation_id: str) -> Applied:
    """Cancel the open handover; without one, mute the bot, and confirm the first refusal only."""
    if burst.unread.is_backlog:
        return await _late_opt_out(connection, conversation, burst, correlation_id)
    may_answer = mute.may_answer(conversation.bot, conversation.open_status, conversation.now)
    after, edits = await _refuse(connection, conversation, correlation_id)
    words, language = calling_words(conversation.desk), conversation.desk.language
    if after.handover:
        text = texts.cancelled(words, language)
        return Applied("quiet", [*edits, *await _notify(connection, conversation, text, correlation_id)])
    if after.no_count > 1 or not may_answer:
        return Applied("quiet")
    text = texts.opted_out(words, language)
    return Applied("answered", await _notify(connection, conversation, text, correlation_id))


async def _late_opt_out(
    connection: Connection, conversation: Conversation, burst: Burst, correlation_id: str
) -> Applied:
    """It is respected without a word. It cannot mean a handover that was opened after it was written."""
    shown: Sequence[LinkedMessage] = []
    if conversation.has_topic:
        shown = await first_messages.in_topic(connection, conversation, burst, correlation_id)
    handover = conversation.handover
    if handover and handover.is_open and burst.was_written_before(handover.created_at):
        return Applied("quiet", shown)
    _, edits = await _refuse(connection, conversation, correlation_id)
    return Applied("quiet", [*edits, *shown])


async def _refuse(
    connection: Connection, conversation: Conversation, correlation_id: str
) -> tuple[AfterOptOut, list[LinkedMessage]]:
    """Write what a refusal does; its handover is None when there was none to cancel. The edits of its card."""
    before = OptOutState(
        conversation.bot, conversation.no_count, conversation.last_message_at, conversation.open_status
    )
    after = after_opt_out(before, conversation.now, conversation.desk.mutes)
    if after.handover and conversation.handover and (cancelled := updates.from_transition(conversation, "cancel")):
        await updates.write(connection, [cancelled])
        return after, await cards.refreshed(connection, [conversation.handover.id], correlation_id)
    await updates.write(connection, [ConversationUpdate(conversation, after.bot, no_count=after.no_count)])
    return replace(after, handover=None), []


async def _notify(
    connection: Connection, conversation: Conversation, text: str, correlation_id: str
) -> list[LinkedMessage]:
    """Say what the desk says by itself."""
    notice = NewMessage("assistant", text, correlation_id, metadata=messages.NOTICE)
    return await _reply(connection, conversation, notice)


async def _reply(connection: Connection, conversation: Conversation, message: NewMessage) -> list[LinkedMessage]:
    """Store a message of the bot; the messages that carry it to the customer and, if there is one, into the topic.

    Without an account nothing can be said, and nothing is stored as if it had been.
    """
    if conversation.desk.whatsapp_bot_id is None:
        logs.error("client_without_account", client_id=str(conversation.desk.id), next_step="carillon doctor")
        return []
    message_id = await messages.add(connection, conversation, message)
    if message_id is None:
        return []
    text, correlation_id = message.content, message.correlation_id
    reply = replies.reply(conversation, message_id, {"text": text}, BOT_REPLY, correlation_id)
    key = f"support/in-topic/{message_id}"
    copy = topic_messages.text(conversation, "🤖", text, key, correlation_id) if conversation.has_topic else None
    return [*([reply] if reply else []), *([LinkedMessage(copy)] if copy else [])]
