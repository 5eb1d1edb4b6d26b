"""What follows from new messages: an answer is due, managers see them in the topic, a manager's mute the bot."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from functions.ingest_webhook.whatsapp import floods, texts
from functions.ingest_webhook.whatsapp.customers import conversations
from functions.ingest_webhook.whatsapp.inbound import SILENT_KINDS, InboundMessage
from functions.ingest_webhook.whatsapp.tables import to_json_rows
from shared.database import sql
from shared.database.pool import Connection
from shared.support import cards, mute, opt_out, topic_messages, updates, wordless
from shared.support.actor import Actor
from shared.support.conversations import Conversation
from shared.support.opt_out import OptOutState
from shared.support.outgoing import LinkedMessage
from shared.support.updates import ConversationUpdate

CUSTOMER, PHONE = "👤", "📱"
MANAGER_ON_THE_PHONE = Actor(texts.PHONE)

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Effects:
    """Messages to enqueue, the conversations whose managers see something new, and those where an answer is due."""

    linked_messages: Sequence[LinkedMessage]
    shown: Collection[UUID]
    awaiting: Collection[UUID]


NO_EFFECTS = Effects([], (), ())


async def apply(connection: Connection, new: Sequence[InboundMessage]) -> Effects:
    """Write down what follows from `new`, whose conversations are locked. The caller enqueues the messages, last."""
    current = [inbound for inbound in new if not inbound.is_history]
    fresh = [inbound for inbound in current if not inbound.is_backlog]
    await conversations.touch(connection, [inbound for inbound in fresh if not inbound.message.from_me])
    active = [inbound for inbound in fresh if inbound.desk.is_active]
    waiting = [inbound for inbound in current if inbound.desk.is_active and not inbound.message.from_me]
    from_managers = [inbound for inbound in active if inbound.message.from_me]
    awaiting = await _schedule_answers(connection, [inbound for inbound in waiting if not inbound.is_silent])
    edits = await _manager_wrote(connection, [inbound for inbound in from_managers if not inbound.is_reaction])
    bounded = await floods.bounded(connection, [inbound for inbound in active if _has_topic(inbound)])
    in_topic = [(inbound, linked) for inbound in bounded if (linked := _in_topic(inbound)) is not None]
    shown = {inbound.conversation.conversation_id for inbound, _ in in_topic}
    return Effects([*(linked for _, linked in in_topic), *edits], shown, awaiting)


async def _schedule_answers(connection: Connection, messages: Sequence[InboundMessage]) -> Collection[UUID]:
    """Answers to customers are due when they pause; the conversations.

    A backlog waits as well: whether it was answered long ago may stand in the messages that follow. People are called
    for it then, and shown it (functions/answer_conversations).
    """
    rows = {}
    for inbound in sorted(messages, key=lambda inbound: not inbound.is_backlog):
        conversation = inbound.conversation
        wrote_at = inbound.message.sent_at if inbound.is_backlog else conversation.now
        before = OptOutState(
            conversation.bot, conversation.no_count, conversation.last_message_at, conversation.open_status
        )
        rows[conversation.conversation_id] = {
            "id": conversation.conversation_id,
            "now": conversation.now,
            "wrote_at": wrote_at,
            "no_count": opt_out.with_opt_out_counted(before, wrote_at or conversation.now, conversation.desk.mutes),
            "gather_seconds": inbound.desk.gather_seconds,
        }
    if rows:
        parameters = {"rows": to_json_rows(rows.values()), "silent": list(SILENT_KINDS)}
        await connection.execute(_SQL["schedule_answers"], parameters)
    return rows.keys()


async def _manager_wrote(connection: Connection, messages: Sequence[InboundMessage]) -> list[LinkedMessage]:
    """What was typed on the phone takes an open handover over, and mutes the bot. The edits of cards that change."""
    by_conversation = {inbound.conversation.conversation_id: inbound for inbound in messages}
    changes = {key: _manager_update(inbound.conversation) for key, inbound in by_conversation.items()}
    await updates.write(connection, list(changes.values()))
    moved: dict[str, list[UUID]] = defaultdict(list)
    for key, change in changes.items():
        if change.status is not None and change.conversation.handover is not None:
            moved[by_conversation[key].request.correlation_id].append(change.conversation.handover.id)
    return [
        linked
        for correlation_id, handovers in moved.items()
        for linked in await cards.refreshed(connection, handovers, correlation_id)
    ]


def _manager_update(conversation: Conversation) -> ConversationUpdate:
    muted = mute.manager_wrote(conversation.bot, conversation.now, conversation.desk.manager_mute_minutes)
    transition = updates.from_transition(conversation, "manager_wrote", MANAGER_ON_THE_PHONE)
    return transition or ConversationUpdate(conversation, muted)


def _has_topic(inbound: InboundMessage) -> bool:
    """Whether managers see the message: in the customer's topic, if there is one or a handover is open."""
    conversation = inbound.conversation
    return inbound.message.kind != "answered_call" and bool(conversation.has_topic or conversation.open_status)


def _in_topic(inbound: InboundMessage) -> LinkedMessage | None:
    """The message as managers see it; None where the desk has no group."""
    message, correlation_id = inbound.message, inbound.request.correlation_id
    conversation = replace(inbound.conversation, name=message.name or inbound.conversation.name)
    mark, key = PHONE if message.from_me else CUSTOMER, f"support/in-topic/{inbound.id}"
    mark = f"{mark} {inbound.note}".strip()
    if message.media is None:
        text = wordless.readable(message.kind, message.text, conversation.desk.language)
        shown = topic_messages.text(conversation, mark, text, key, correlation_id)
    else:
        media = vars(message.media) | {"caption": message.text}
        shown = topic_messages.media(conversation, message.kind, media, mark, key, correlation_id)
    return LinkedMessage(shown, carries=inbound.id) if shown else None
