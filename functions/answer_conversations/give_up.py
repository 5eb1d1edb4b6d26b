"""A conversation that failed three times is a person's: whatever it is that cannot be read, nobody waits behind it."""

from functions.answer_conversations import apply, bursts
from functions.answer_conversations.apply import Applied
from functions.answer_conversations.bursts import Burst, Claim
from functions.answer_conversations.decide import call_a_person
from functions.answer_conversations.questions import Unread
from shared import logs
from shared.database.pool import Connection
from shared.support import conversations, outgoing, texts, topic_messages
from shared.support.conversations import Conversation
from shared.support.outgoing import LinkedMessage


async def give_up(connection: Connection, claimed: Claim, correlation_id: str) -> Applied:
    """Call people, and go on behind what is unread; only the card reads some of it. In the caller's transaction."""
    locked = await conversations.lock(connection, [claimed.conversation_id])
    until = await bursts.last_position(connection, claimed)
    if not await bursts.release(connection, claimed, until):
        return Applied("overtaken")
    logs.error(
        "conversation_given_up",
        conversation_id=str(claimed.conversation_id),
        attempts=claimed.attempts - 1,
        next_step="see conversation_failed of this conversation",
    )
    if not locked:
        return Applied("quiet")
    unread = Unread((), count=0, until=until, first_at=None, is_backlog=False, has_missed_call=False, is_cut=False)
    conversation, decision = locked[0], call_a_person(locked[0], "timeout")
    applied = await apply.hand_over(connection, conversation, Burst(claimed, unread), decision, correlation_id)
    linked_messages = [*applied.linked_messages, *_notice(conversation, until, correlation_id)]
    await outgoing.enqueue_linked(connection, linked_messages)
    return Applied(applied.outcome, linked_messages)


def _notice(conversation: Conversation, until: int, correlation_id: str) -> list[LinkedMessage]:
    """What managers read of it in the topic; nothing without a group."""
    key = f"support/given-up/{conversation.conversation_id}/{until}"
    html = texts.BOT_FAILED.in_(conversation.desk.language)
    message = topic_messages.notice(conversation, html, key, correlation_id)
    return [LinkedMessage(message)] if message else []
