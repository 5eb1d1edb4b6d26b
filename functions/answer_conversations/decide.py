"""What follows from a burst: an answer, a handover, an opt-out, or nothing. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from functions.answer_conversations.bursts import Burst
from functions.answer_conversations.llm import ModelVerdict
from shared.support import escalation, mute, opt_out
from shared.support.conversations import Conversation
from shared.support.escalation import Decision, EscalationSettings, PreviousHandover, Signal, TriggerType
from shared.support.tokens import tokenize_all


@dataclass(frozen=True)
class Matches:
    """What the words of a burst match. It costs time, so it is found out once, and while no row is locked."""

    has_keyword: bool = False
    is_refusal: bool = False


@dataclass(frozen=True)
class Findings:
    """What is known of a burst when it is decided upon, under the lock."""

    matches: Matches
    has_model: bool  # with prompts, and with tokens left for this customer
    verdict: ModelVerdict = field(default_factory=ModelVerdict)


def match(texts: Sequence[str], keywords: Sequence[str] | None) -> Matches:
    """What the texts of a burst match; they are folded once."""
    tokenized = tokenize_all(texts)
    return Matches(
        has_keyword=escalation.find_keyword_in(tokenized, keywords) is not None,
        is_refusal=opt_out.is_opt_out("\n".join(texts), [token for tokens in tokenized for token in tokens]),
    )


def is_opt_out(conversation: Conversation, burst: Burst, matches: Matches) -> bool:
    """Whether the customer refuses the bot. A refusal after a manager's message is about something else."""
    return (
        conversation.open_status != "active"
        and not burst.follows_a_manager
        and not burst.needs_a_person
        and matches.is_refusal
    )


def decide(conversation: Conversation, burst: Burst, findings: Findings) -> Decision:
    """Whether the bot answers, a person is called, or nothing happens."""
    speaks = may_answer(conversation)
    signal = Signal(_trigger(burst, findings.matches, may_answer=speaks), findings.verdict.classified, speaks)
    return _decide(conversation, signal, has_model=findings.has_model)


def call_a_person(conversation: Conversation, trigger: TriggerType) -> Decision:
    """Whether a handover is opened or joined, for a reason that is not in the words."""
    return _decide(conversation, Signal(trigger), has_model=False)


def needs_model(conversation: Conversation, burst: Burst, matches: Matches) -> bool:
    """Whether the model's opinion counts: nothing is decided by rules, and the bot may answer."""
    speaks = may_answer(conversation)
    is_decided = is_opt_out(conversation, burst, matches) or _trigger(burst, matches, may_answer=speaks) is not None
    return speaks and not is_decided


def may_answer(conversation: Conversation) -> bool:
    """Whether the bot may answer at all."""
    return mute.may_answer(conversation.bot, conversation.open_status, conversation.now)


def _decide(conversation: Conversation, signal: Signal, *, has_model: bool) -> Decision:
    desk, handover = conversation.desk, conversation.handover
    settings = EscalationSettings(has_model, desk.confidence_threshold, desk.escalation_cooldown_minutes)
    # Without a topic nobody sees what would only be counted at a handover that is closed.
    counts = handover is not None and (handover.is_open or conversation.has_topic)
    previous = PreviousHandover(handover.status, handover.resolved_at) if handover and counts else None
    return escalation.decide_escalation(signal, settings, previous, conversation.now)


def _trigger(burst: Burst, matches: Matches, *, may_answer: bool) -> TriggerType | None:
    """What calls for a person whatever a model says.

    A keyword; what was written long before it came; a file or the like, which the bot cannot read, or more than it
    reads; a missed call, also while the bot is muted, unless a manager is talking.
    """
    if matches.has_keyword:
        return "keyword"
    if burst.has_backlog:
        return "timeout"
    is_lost_call = burst.unread.has_missed_call and not burst.follows_a_manager
    return "intent" if is_lost_call or (burst.needs_a_person and may_answer) else None
