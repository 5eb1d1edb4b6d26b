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
        and not burst.needs_a_person
        and opt_out.is_opt_out(burst.text)
    )


def decide(conversation: Conversation, burst: Burst, classified: Classified | None, *, has_model: bool) -> Decision:
    """Whether the bot answers, a person is called, or nothing happens. `classified` is None if no model could say."""
    desk, handover = conversation.desk, conversation.handover
    may_answer = mute.may_answer(conversation.bot, conversation.open_status, conversation.now)
    signal = Signal(_trigger(conversation, burst, may_answer=may_answer), classified, may_answer)
    settings = EscalationSettings(has_model, desk.confidence_threshold, desk.escalation_cooldown_minutes)
    # Without a topic nobody sees what would only be counted at a handover that is closed.
    counts = handover is not None and (handover.is_open or conversation.has_topic)
    previous = PreviousHandover(handover.status, handover.resolved_at) if handover and counts else None
    return escalation.decide_escalation(signal, settings, previous, conversation.now)


def needs_model(conversation: Conversation, burst: Burst) -> bool:
    """Whether the model's opinion counts: nothing is decided by rules, and the bot may answer."""
    may_answer = mute.may_answer(conversation.bot, conversation.open_status, conversation.now)
    is_decided = is_opt_out(conversation, burst) or _trigger(conversation, burst, may_answer=may_answer) is not None
    return may_answer and not is_decided


def _trigger(conversation: Conversation, burst: Burst, *, may_answer: bool) -> TriggerType | None:
    """What calls for a person whatever a model says.

    A keyword; what was written long before it came; a file or the like, which the bot cannot read; a missed call, also
    while the bot is muted, unless a manager is talking.
    """
    keywords = conversation.desk.keywords
    if any(escalation.find_keyword(text, keywords) for text in (*burst.texts, burst.text)):
        return "keyword"
    if burst.has_backlog:
        return "timeout"
    is_lost_call = burst.has_missed_call and not burst.follows_a_manager
    return "intent" if is_lost_call or (burst.needs_a_person and may_answer) else None
