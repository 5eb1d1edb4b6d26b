"""What follows from new messages: the bot's turn, the topic, and a manager's silence for the bot."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from functions.ingest_webhook.whatsapp import conversations, texts
from functions.ingest_webhook.whatsapp.inbound import SILENT_KINDS, InboundMessage
from functions.ingest_webhook.whatsapp.tables import to_json_rows
from shared.database import sql
from shared.database.pool import Connection
from shared.support import cards, mute, opt_out, topic_messages, updates
from shared.support.opt_out import OptOutState
from shared.support.outgoing import LinkedMessage
from shared.support.updates import Actor, ConversationUpdate

CUSTOMER, PHONE = "👤", "📱"
MANAGER_ON_THE_PHONE = Actor(texts.PHONE)

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Effects:
    """What has to leave, and in which conversations somebody hears of it, or waits for an answer."""

    linked_messages: Sequence[LinkedMessage]
    told: Collection[UUID]
    waiting: set[UUID]


NO_EFFECTS = Effects([], (), set())


async def apply(connection: Connection, new: Sequence[InboundMessage]) -> Effects:
    """Write down what follows from `new`, whose talks are locked. The letters are the caller's to send, last."""
    fresh = [one for one in new if not one.is_late]
    await conversations.touch(connection, [one for one in fresh if not one.message.from_me])
    active = [one for one in fresh if one.client.is_active]
    waiting = await _schedule_answer(
        connection, [one for one in active if not one.message.from_me and not one.is_quiet]
    )
    edited = await _manager_wrote(connection, [one for one in active if one.message.from_me and not one.is_reaction])
    shown = [(one, linked) for one in active if (linked := _in_topic(one)) is not None]
    told = {one.conversation.conversation_id for one, _ in shown}
    return Effects([*(linked for _, linked in shown), *edited], told, waiting)


async def _schedule_answer(connection: Connection, said: Sequence[InboundMessage]) -> set[UUID]:
    """The client's words: the bot's turn comes when they pause. The conversations in which somebody waits."""
    heard = {}
    for one in said:
        conversation = one.conversation
        before = OptOutState(
            conversation.bot, conversation.no_count, conversation.last_message_at, conversation.open_status
        )
        heard[conversation.conversation_id] = {
            "id": conversation.conversation_id,
            "now": conversation.now,
            "no_count": opt_out.with_opt_out_counted(before, conversation.now, conversation.client.mutes),
            "gather_seconds": one.client.gather_seconds,
        }
    if heard:
        await connection.execute(_SQL["hear"], {"rows": to_json_rows(heard.values()), "quiet": list(SILENT_KINDS)})
    return set(heard)


async def _manager_wrote(connection: Connection, said: Sequence[InboundMessage]) -> list[LinkedMessage]:
    """What was typed on the phone takes an open handover over, and silences the bot. The cards that change."""
    moved = {}
    by_talk = {one.conversation.conversation_id: one for one in said}
    for place, one in by_talk.items():
        conversation = one.conversation
        muted = mute.manager_wrote(conversation.bot, conversation.now, conversation.client.manager_mute_minutes)
        moved[place] = updates.from_transition(
            conversation, "manager_wrote", MANAGER_ON_THE_PHONE
        ) or ConversationUpdate(conversation, muted)
    await updates.write(connection, list(moved.values()))
    edits: dict[str, list[UUID]] = defaultdict(list)
    for place, change in moved.items():
        if change.status is not None and change.conversation.handover is not None:
            edits[by_talk[place].arrival.correlation_id].append(change.conversation.handover.id)
    return [
        linked
        for correlation_id, handovers in edits.items()
        for linked in await cards.refreshed(connection, handovers, correlation_id)
    ]


def _in_topic(one: InboundMessage) -> LinkedMessage | None:
    """The message as managers see it in the person's topic, if there is one or somebody is called."""
    message, correlation_id = one.message, one.arrival.correlation_id
    conversation = replace(one.conversation, name=message.name or one.conversation.name)
    if not (conversation.has_topic or conversation.open_status) or (one.is_reaction and not message.text):
        return None
    mark, key = PHONE if message.from_me else CUSTOMER, f"support/in-topic/{one.id}"
    if message.media is None:
        text = message.text or texts.MESSAGE_NOT_SHOWN.in_(conversation.client.language)
        shown = topic_messages.text(conversation, mark, text, key, correlation_id)
    else:
        media = vars(message.media) | {"caption": message.text}
        shown = topic_messages.media(conversation, message.kind, media, mark, key, correlation_id)
    return LinkedMessage(shown, carries=one.id) if shown else None
