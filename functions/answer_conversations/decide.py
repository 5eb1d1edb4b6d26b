"""What follows from a burst: an answer, a handover, an opt-out, or nothing. Pure."""

from functions.answer_conversations.bursts import Burst
from shared.support import escalation, mute, opt_out
from shared.support.conversations import Conversation
from shared.support.escalation import Classified, Decision, EscalationSettings, PreviousHandover, Signal, TriggerType


def is_opt_out(conversation: Conversation, burst: Burst) -> bool:
    """Whether the customer refuses the bot. A refusal after a manager's message is about something else."""
    return (
        conversation.open_status != "active"
        and not burst.follows_a_manager
        and not burst.has_files
        and opt_out.is_opt_out(burst.text)
    )


def decide(conversation: Conversation, burst: Burst, classified: Classified | None, *, has_model: bool) -> Decision:
    """Whether the bot answers, a person is called, or nothing happens. `classified` is None if no model could say."""
    desk, handover = conversation.desk, conversation.handover
    may_answer = mute.may_answer(conversation.bot, conversation.open_status, conversation.now)
    signal = Signal(_trigger(conversation, burst, may_answer=may_answer), classified, may_answer)
    settings = EscalationSettings(has_model, desk.confidence_threshold, desk.escalation_cooldown_minutes)
    previous = PreviousHandover(handover.status, handover.resolved_at) if handover else None
    return escalation.decide_escalation(signal, settings, previous, conversation.now)


def _trigger(conversation: Conversation, burst: Burst, *, may_answer: bool) -> TriggerType | None:
    """What calls for a person whatever a model says: a keyword, or a file, which the bot cannot read."""
    keywords = conversation.desk.keywords
    if any(escalation.find_keyword(text, keywords) for text in (*burst.texts, burst.text)):
        return "keyword"
    return "intent" if burst.has_files and may_answer else None
