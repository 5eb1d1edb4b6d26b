"""A burst's messages in the customer's topic: those that ingest_webhook could not show, as there was no topic yet."""

from functions.answer_conversations.bursts import Burst, Question
from shared.delivery.enqueue import Message
from shared.support import cards, topic_messages
from shared.support.conversations import Conversation
from shared.support.outgoing import LinkedMessage

_MARK = "👤"


def in_topic(conversation: Conversation, burst: Burst, correlation_id: str) -> list[LinkedMessage]:
    """What the topic has to show beside the card, in order; what stands there already is not shown again."""
    first_on_card = len(burst.questions) - cards.MAX_LINES
    return [
        LinkedMessage(message, carries=question.id)
        for place, question in enumerate(burst.questions)
        if conversation.has_topic or place < first_on_card or not _fits_the_card(question)
        if (message := _message(conversation, question, correlation_id))
    ]


def _fits_the_card(question: Question) -> bool:
    """Whether the card quotes all of it."""
    return question.kind == "text" and not question.note and len(question.words) <= cards.MAX_QUOTED


def _message(conversation: Conversation, question: Question, correlation_id: str) -> Message | None:
    mark, key = f"{_MARK} {question.note}".strip(), f"support/in-topic/{question.id}"
    if question.media is None:
        return topic_messages.text(conversation, mark, question.readable, key, correlation_id)
    media = {**question.media, "caption": question.words}
    return topic_messages.media(conversation, question.kind, media, mark, key, correlation_id)
