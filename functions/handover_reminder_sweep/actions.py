"""Apply steps: write each one's update, and make the messages that follow from it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from functions.handover_reminder_sweep import texts
from functions.handover_reminder_sweep.decide import Step
from shared import logs
from shared.database.pool import Connection
from shared.delivery.kinds import BOT_REPLY, REMINDER
from shared.support import cards, messages, replies, topic_messages, updates
from shared.support.calling_words import calling_words
from shared.support.conversations import Conversation
from shared.support.messages import NewMessage
from shared.support.outgoing import LinkedMessage
from shared.support.updates import ConversationUpdate


async def apply(
    connection: Connection, steps: Sequence[Step], card_ids: Mapping[UUID, int | None], correlation_id: str
) -> list[LinkedMessage]:
    """Write the steps; the messages to enqueue. `card_ids` are the Telegram messages of cards, by handover."""
    await updates.write(connection, [update for step in steps if (update := _update(step))])
    linked_messages = [
        linked for step in steps if (linked := _reminder(step, card_ids.get(step.handover.id), correlation_id))
    ]  # fmt: skip
    closed = [step for step in steps if step.action == "auto_close"]
    for step in closed:
        linked_messages += await _apologize(connection, step.conversation, correlation_id)
    return linked_messages + await cards.refreshed(connection, [step.handover.id for step in closed], correlation_id)


def _update(step: Step) -> ConversationUpdate | None:
    match step.action:
        case "reminder_1" | "reminder_2":
            return ConversationUpdate(
                step.conversation, step.conversation.bot, event=step.action, remind_at=step.remind_at
            )
        case "auto_close":
            return updates.from_transition(step.conversation, "close")
        case None:
            return None


def _reminder(step: Step, card_id: int | None, correlation_id: str) -> LinkedMessage | None:
    """A reminder replies to the card, so that one tap leads to its buttons; its guard is checked before it is sent."""
    handover, desk = step.handover, step.conversation.desk
    match step.action:
        case "reminder_1":
            html, name = texts.first(handover.number, step.waited, desk.language), "reminder-1"
        case "reminder_2":
            html = texts.second(handover.number, step.waited, desk.owner_telegram_id, desk.language)
            name = "reminder-2"
        case _:
            return None
    message = topic_messages.notice(
        step.conversation, html, f"support/handover/{handover.id}/{name}", correlation_id, REMINDER
    )
    if message is None:
        return None
    reply = {"reply_parameters": {"message_id": card_id, "allow_sending_without_reply": True}} if card_id else {}
    guard = {"handover_id": str(handover.id)}
    return LinkedMessage(replace(message, payload={**message.payload, **reply}, guard=guard))


async def _apologize(connection: Connection, conversation: Conversation, correlation_id: str) -> list[LinkedMessage]:
    """Tell the customer that nobody is available. Nothing is stored that could not be sent."""
    if conversation.desk.whatsapp_bot_id is None:
        logs.error(
            "client_without_whatsapp", client_id=str(conversation.desk.id), next_step="carillon support settings"
        )
        return []
    text = texts.nobody_available(calling_words(conversation.desk), conversation.desk.language)
    message_id = await messages.add(
        connection, conversation, NewMessage("assistant", text, correlation_id, metadata=messages.NOTICE)
    )
    if message_id is None:
        return []
    linked = replies.reply(conversation, message_id, {"text": text}, BOT_REPLY, correlation_id)
    return [linked] if linked else []
