"""The kinds of messages: what a lost answer means for each, how urgent it is, how long it is worth sending."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Policy = Literal["at_least_once", "at_most_once", "idempotent"]
Priority = Literal["urgent", "normal", "bulk"]

PRIORITY_RANK: dict[Priority, int] = {"urgent": 0, "normal": 1, "bulk": 2}  # as platform.outbox.priority stores them


@dataclass(frozen=True)
class Kind:
    """One kind of message, named `system/what`."""

    name: str
    policy: Policy = "at_least_once"
    ttl: timedelta = timedelta(hours=24)  # from its due time; later it is not worth sending
    ordered: bool = True  # False: a lane of its own per chat, so that it never waits behind a retry
    priority: Priority = "normal"  # bulk: a broadcast, which never takes more than half of a bot's rate
    paced: bool = True  # False: an edit, which does not count among a chat's messages; only the bot's rate holds it


ANSWER_TO_LESSON = Kind("getcourse/answer")
NO_MENTOR = Kind("getcourse/no-mentor", ordered=False)
DEADLINE_APPROACHING = Kind("getcourse/deadline", ttl=timedelta(hours=12), ordered=False)

ALERT = Kind("platform/alert", ordered=False, priority="urgent")
TOPIC = Kind("platform/topic", priority="urgent")
WELCOME_BACK = Kind("platform/welcome-back", ordered=False, priority="urgent")

# Cards and reminders call people; what client and manager say to each other keeps its order in the topic's lane.
CARD = Kind("support/card", priority="urgent")
CARD_EDIT = Kind("support/card-edit", "idempotent", ordered=False, priority="urgent", paced=False)
IN_TOPIC = Kind("support/in-topic")
REMINDER = Kind("support/reminder", ttl=timedelta(hours=2), ordered=False, priority="urgent")
STATS = Kind("support/stats", ttl=timedelta(minutes=10), ordered=False)
BOT_REPLY = Kind("support/bot-reply", "at_most_once", ttl=timedelta(hours=2))
MANAGER_REPLY = Kind("support/manager-reply")

DIGEST = Kind("salon/digest", "at_most_once", ttl=timedelta(hours=12), ordered=False)
SALON_ALERT = Kind("salon/alert", ttl=timedelta(hours=6), ordered=False)
SALON_ALERT_EDIT = Kind("salon/alert-edit", "idempotent", ordered=False, priority="urgent", paced=False)
SALON_SIGN_IN = Kind("salon/sign-in", ttl=timedelta(minutes=15), ordered=False, priority="urgent")  # links to the pages

# Who presses or writes waits for the screen; a card that was pressed is edited.
COURSES_SCREEN = Kind("courses/screen", ttl=timedelta(hours=1), ordered=False, priority="urgent")
COURSES_SCREEN_EDIT = Kind(
    "courses/screen-edit", "idempotent", timedelta(hours=1), ordered=False, priority="urgent", paced=False
)
COURSES_FILE = Kind("courses/file", ttl=timedelta(hours=1), ordered=False)
# A link that waits for who has blocked the bot is still worth something when they are back.
COURSES_HOMEWORK = Kind("courses/homework", ttl=timedelta(days=7), ordered=False)
COURSES_REMINDER = Kind("courses/reminder", ordered=False)
COURSES_CHANGE = Kind("courses/change", ordered=False)  # what somebody knows of was moved or cancelled
COURSES_OFFER = Kind("courses/offer", ordered=False)  # of a place that became free, until its guard says it is over
COURSES_NOTICE = Kind("courses/notice", ordered=False)  # what others decided about somebody

# A broadcast goes to each at most once, beside all else. What was sent is edited and deleted as slowly; its author sees
# how far it has come.
COURSES_BROADCAST = Kind("courses/broadcast", "at_most_once", ordered=False, priority="bulk")
COURSES_BROADCAST_EDIT = Kind("courses/broadcast-edit", "idempotent", ordered=False, priority="bulk", paced=False)
COURSES_BROADCAST_SAMPLE = Kind("courses/broadcast-sample", ttl=timedelta(hours=1), ordered=False)
COURSES_BROADCAST_PROGRESS = Kind("courses/broadcast-progress", ttl=timedelta(hours=1), ordered=False)
