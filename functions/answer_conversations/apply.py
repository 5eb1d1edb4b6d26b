"""What follows from a burst, written down in one transaction: an answer, a call for a person, a mute, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from functions.answer_conversations import bursts, texts
from functions.answer_conversations.bursts import Burst
from functions.answer_conversations.llm import ModelVerdict
from shared import logs
from shared.database.pool import Connection
from shared.delivery.kinds import BOT_REPLY
from shared.support import cards, conversations, messages, open_handover, outgoing, replies, topic_messages, updates
from shared.support import mute as bots
from shared.support.conversations import Conversation
from shared.support.escalation import (
    Classified,
    Decision,
    EscalationSettings,
    PreviousHandover,
    Signal,
    TriggerType,
    decide_escalation,
    find_keyword,
)
from shared.support.messages import NewMessage
from shared.support.opt_out import OptOutState, after_opt_out, is_opt_out
from shared.support.outgoing import LinkedMessage
from shared.support.updates import ConversationUpdate

Outcome = Literal["answered", "handed_over", "quiet", "overtaken"]


@dataclass(frozen=True)
class Applied:
    """What was decided, and what has to leave for it."""

    outcome: Outcome
    linked_messages: Sequence[LinkedMessage] = ()


def opts_out(conversation: Conversation, burst: Burst) -> bool:
    """Whether the customer says no to the bot. To a manager they say it about something else."""
    return (
        conversation.open_status != "active"
        and not burst.follows_a_manager
        and not burst.has_files
        and is_opt_out(burst.text)
    )


def decide(conversation: Conversation, burst: Burst, classified: Classified | None, *, has_model: bool) -> Decision:
    """Whether the bot answers, a person is called, or nothing happens."""
    may_answer = bots.may_answer(conversation.bot, conversation.open_status, conversation.now)
    heard = Signal(_asked(conversation, burst, may_answer=may_answer), classified, may_answer)
    desk = EscalationSettings(
        has_model, conversation.client.confidence_threshold, conversation.client.escalation_cooldown_minutes
    )
    last = (
        PreviousHandover(conversation.handover.status, conversation.handover.resolved_at)
        if conversation.handover
        else None
    )
    return decide_escalation(heard, desk, last, conversation.now)


def _asked(conversation: Conversation, burst: Burst, *, may_answer: bool) -> TriggerType | None:
    """What calls for a person whatever a model thinks: their words, or a file that no bot can look into."""
    if any(find_keyword(text, conversation.client.keywords) for text in (*burst.texts, burst.text)):
        return "keyword"
    return "intent" if burst.has_files and may_answer else None


async def apply(
    connection: Connection, burst: Burst, thought: ModelVerdict, correlation_id: str, *, has_model: bool
) -> Applied:
    """Write down what follows and hand over what leaves. The caller opens the transaction.

    Everything is decided again under the lock: while the model thought, a manager may have taken the conversation.
    """
    locked = await conversations.lock(connection, [burst.claim.conversation_id])
    if not locked or not await bursts.mark_read(connection, burst):
        return Applied("overtaken")
    conversation = locked[0]
    if thought.classified:
        await bursts.classify(connection, burst, thought.classified.intent, thought.classified.confidence)
    applied = await _apply_decision(connection, conversation, burst, thought, correlation_id, has_model=has_model)
    await outgoing.enqueue_linked(connection, applied.linked_messages)
    return applied


async def _apply_decision(
    connection: Connection,
    conversation: Conversation,
    burst: Burst,
    thought: ModelVerdict,
    correlation_id: str,
    *,
    has_model: bool,
) -> Applied:
    if opts_out(conversation, burst):
        return await _opt_out(connection, conversation, correlation_id)
    decision = decide(conversation, burst, thought.classified, has_model=has_model)
    if decision.action == "answer" and thought.answer is not None:
        return Applied("answered", await _reply(connection, conversation, thought.answer, correlation_id))
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
    told = await _reply(
        connection,
        conversation,
        texts.handover_opened(
            open_handover.working_hours(conversation), conversation.now, conversation.client.language
        ),
        correlation_id,
    )
    return Applied("handed_over", [*card, *files, *told])


async def _files(
    connection: Connection, conversation: Conversation, burst: Burst, correlation_id: str
) -> list[LinkedMessage]:
    """The burst's files, which came before there was a topic to show them in; its words are on the card."""
    sent = await bursts.files(connection, burst)
    shown = [
        (
            one,
            topic_messages.media(
                conversation, one["kind"], one["media"], "👤", f"support/in-topic/{one['id']}", correlation_id
            ),
        )
        for one in sent
    ]
    return [LinkedMessage(message, carries=one["id"]) for one, message in shown if message]


async def _join_handover(
    connection: Connection, conversation: Conversation, burst: Burst, correlation_id: str
) -> Applied:
    """Counted, and nobody is paged. Once a request is closed, the client hears that people see them, once."""
    await updates.write(connection, [ConversationUpdate(conversation, conversation.bot, event="joined")])
    text = texts.MESSAGE_RECEIVED.in_(conversation.client.language)
    if conversation.open_status or burst.history[-1:] == [("assistant", text)]:
        return Applied("quiet")
    return Applied("handed_over", await _reply(connection, conversation, text, correlation_id))


async def _opt_out(connection: Connection, conversation: Conversation, correlation_id: str) -> Applied:
    """The first no is answered, the next one is taken at its word; with an open request it is withdrawn."""
    before = OptOutState(
        conversation.bot, conversation.no_count, conversation.last_message_at, conversation.open_status
    )
    after = after_opt_out(before, conversation.now, conversation.client.mutes)
    if after.handover and (cancelled := updates.from_transition(conversation, "cancel")):
        await updates.write(connection, [cancelled])
        edits = await cards.refreshed(
            connection, [conversation.handover.id] if conversation.handover else [], correlation_id
        )
        text = texts.CANCELLED.in_(conversation.client.language)
        return Applied("quiet", [*edits, *await _reply(connection, conversation, text, correlation_id)])
    await updates.write(connection, [ConversationUpdate(conversation, after.bot, no_count=after.no_count)])
    may_answer = bots.may_answer(conversation.bot, conversation.open_status, conversation.now)
    if after.no_count > 1 or not may_answer:
        return Applied("quiet")
    text = texts.OPTED_OUT.in_(conversation.client.language)
    return Applied("answered", await _reply(connection, conversation, text, correlation_id))


async def _reply(
    connection: Connection, conversation: Conversation, said: str, correlation_id: str
) -> list[LinkedMessage]:
    """The bot's words: kept, sent to the client, and shown in the topic if there is one."""
    message_id = await messages.add(connection, conversation, NewMessage("assistant", said, correlation_id))
    if message_id is None:
        return []
    reply = replies.reply(conversation, message_id, {"text": said}, BOT_REPLY, correlation_id)
    if reply is None:
        logs.error("client_without_account", client_id=str(conversation.client.id), next_step="carillon doctor")
        return []
    key = f"support/in-topic/{message_id}"
    shown = topic_messages.text(conversation, "🤖", said, key, correlation_id) if conversation.has_topic else None
    return [reply, *([LinkedMessage(shown)] if shown else [])]
