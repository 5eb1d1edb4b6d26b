"""What histories are made of: kinds of messages, chats, answers of gateways and stretches of time."""

from datetime import timedelta
from typing import Any, NamedTuple, get_args

from shared.channels.outcome import Outcome, Result
from shared.delivery.chat_states import STATES
from shared.delivery.enqueue import Topic
from shared.delivery.kinds import BOT_REPLY, REMINDER, Kind
from tests.functions.dispatch_notifications.histories.ledger import BASIC_GROUPS, moves_to

ALERT_CHAT = 700_000_900
PERSON, OTHER_PERSON = 700_000_301, 700_000_302
[GROUP] = BASIC_GROUPS
FORUM = -1_001_500_000_402
TOPIC, OTHER_TOPIC = Topic("courses/a", "A"), Topic("courses/b", "B")


class Place(NamedTuple):
    """Where a message goes."""

    chat_id: int | None
    topic: Topic | None = None
    thread_id: int | None = None
    recipient: str | None = None


PLACES = {
    "a person": Place(PERSON),
    "another person": Place(OTHER_PERSON),
    "a group": Place(GROUP),
    "a group's topic": Place(GROUP, TOPIC),
    "a group's other topic": Place(GROUP, OTHER_TOPIC),
    "what the group becomes": Place(moves_to(GROUP)),
    "a topic of what the group becomes": Place(moves_to(GROUP), TOPIC),
    "a forum's topic": Place(FORUM, TOPIC),
    "a forum's other topic": Place(FORUM, OTHER_TOPIC),
    "a forum's thread": Place(FORUM, thread_id=7),
    "a customer": Place(None, recipient="77010000001@s.whatsapp.net"),
    "another customer": Place(None, recipient="77010000002@s.whatsapp.net"),
}
CHATS = (PERSON, OTHER_PERSON, FORUM, GROUP, moves_to(GROUP))


class What(NamedTuple):
    """A kind of message, and what all of them have in common."""

    kind: Kind
    method: str = "sendMessage"
    guard: dict[str, Any] | None = None
    text: str = "text"
    key: str = "courses/"


NOBODY = "00000000-0000-0000-0000-000000000001"
WHATS = {
    "plain": What(Kind("courses/plain")),
    "long": What(Kind("courses/plain"), text="a text of several parts\n" * 60),
    "once": What(Kind("courses/once", "at_most_once", timedelta(hours=2))),
    "broadcast": What(Kind("courses/broadcast", "at_most_once", ordered=False, priority="bulk")),
    "calling": What(Kind("courses/calling", ttl=timedelta(hours=1), ordered=False, priority="urgent")),
    "urgent": What(Kind("courses/urgent", ttl=timedelta(minutes=10), priority="urgent")),
    "edit": What(Kind("courses/edit", "idempotent", ordered=False, priority="urgent", paced=False), "editMessageText"),
    "guarded": What(BOT_REPLY, guard={"conversation_id": NOBODY}),  # holds: nobody has taken over
    # There is no such handover.
    "guarded in vain": What(REMINDER, guard={"handover_id": NOBODY}, key=f"support/handover/{NOBODY}/reminder-"),
    "guarded by a newer release": What(Kind("courses/later", ttl=timedelta(hours=1)), guard={"of": "a newer release"}),
}


def refused(result: Result, error_class: str | None = None, **fields: Any) -> Outcome:
    return Outcome(result, error_class or result, **{"http_status": 400, **fields})


ANSWERS = {
    "sent": Outcome("sent", http_status=200),
    "wait": refused("rate_limited", http_status=429, retry_after=30.0),
    "wait, all": refused("rate_limited", http_status=429, retry_after=2.0, bot_wide=True),
    "broken": refused("transient", "server_error", http_status=502),
    "lost": Outcome("ambiguous", "no_answer"),
    "lost, but arrived": Outcome("ambiguous", "cut"),
    "bot refused": refused("bot_refused", http_status=401),
    "blocked": refused("unreachable", "blocked", http_status=403),
    "no such chat": refused("unreachable", "chat_not_found"),
    **{
        result: refused(result)
        for result in get_args(Result)
        if result in ("bad_request", "too_long", "topic_gone", "topic_closed", "unparsable", "reply_gone", "migrated")
    },
    **{state: refused("chat_not_ready", state) for state in STATES},
}
HOUR, DAY = 3600, 86400
PASSING = (0.3, 1.2, 4, 9, 20, 40, 61, 130, 700, HOUR + 5, 3 * HOUR, DAY + 60, 8 * DAY, 31 * DAY, 91 * DAY)
BRIEFLY = (0.0, 1.2, 1.2, 6, 31, 61, 130)
DELAYS = (0.0, 0.0, 0.0, 20.0, 2.0 * HOUR)
