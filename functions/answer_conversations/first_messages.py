"""A burst's messages in the customer's topic: those that ingest_webhook could not show, as there was no topic yet."""

from functions.answer_conversations import questions
from functions.answer_conversations.bursts import Burst
from functions.answer_conversations.questions import Question, Unread
from shared.database.pool import Connection
from shared.delivery.enqueue import Message
from shared.support import cards, texts, topic_messages
from shared.support.conversations import Conversation
from shared.support.outgoing import LinkedMessage

_MARK = "👤"


async def in_topic(
    connection: Connection, conversation: Conversation, burst: Burst, correlation_id: str
) -> list[LinkedMessage]:
    """What the topic has to show beside the card, in order; what stands there already is not shown again.

    People see more of a long burst than what was decided on, and where even that is not all, a line says so.
    """
    unread = burst.unread
    if unread.is_cut:
        unread = await questions.read(connection, conversation, burst.claim.heard_position, questions.TO_SHOW)
    first_on_card = unread.count - cards.MAX_LINES
    shown = [
        LinkedMessage(message, carries=question.id)
        for place, question in enumerate(unread.questions)
        if conversation.has_topic or place < first_on_card or not _fits_the_card(question)
        if (message := _message(conversation, question, correlation_id))
    ]
    return shown + _rest(conversation, unread, correlation_id)


def _rest(conversation: Conversation, unread: Unread, correlation_id: str) -> list[LinkedMessage]:
    """That there is more. A topic that was there before shows all of it: ingest_webhook saw to that."""
    if not unread.is_cut or conversation.has_topic:
        return []
    html, key = texts.MORE_ON_THE_PHONE.in_(conversation.desk.language), f"support/more/{unread.questions[0].id}"
    notice = topic_messages.notice(conversation, html, key, correlation_id)
    return [LinkedMessage(notice)] if notice else []


def _fits_the_card(question: Question) -> bool:
    """Whether the card quotes all of it."""
    return question.kind == "text" and not question.note and len(question.words) <= cards.MAX_QUOTED


def _message(conversation: Conversation, question: Question, correlation_id: str) -> Message | None:
    mark, key = f"{_MARK} {question.note}".strip(), f"support/in-topic/{question.id}"
    if question.media is None:
        return topic_messages.text(conversation, mark, question.readable, key, correlation_id)
    media = {**question.media, "caption": question.words}
    return topic_messages.media(conversation, question.kind, media, mark, key, correlation_id)
