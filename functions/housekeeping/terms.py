"""How long each table keeps what belongs to a person. This is the one list; every table of ours stands in it.

`housekeeping` deletes what has come to its end once a day, in batches that hold nobody up; `carillon terms` prints this
list with the rows that are due. What somebody wants deleted sooner, the `forget` commands delete.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """What leaves a table, how many days after which moment, and why then.

    `rule` is a block of its system's .sql file; what has none is deleted by a module of its own.
    """

    table: str
    what: str
    days: int
    since: str
    reason: str
    rule: str = ""


SENT = Term("platform.outbox", "sent and cancelled messages", 30, "they ended", "until then their dedup key is taken")
FAILED = Term("platform.outbox", "dead and unknown messages", 90, "they ended", "somebody may still redrive them")
REDACTED = (
    Term("getcourse.webhook_events", "what paths of its source name in an answer's raw_payload", 1, "they came",
         "the source's owner wants it gone: sources settings --redact"),
    Term("getcourse.account_events", "the same of an account's events", 1, "they came", "the same"),
    Term("platform.inbox", "the same of deliveries nobody could read or place, where they are JSON", 1, "they came",
         "the same"),
)  # fmt: skip
LANES = Term("platform.lanes", "lanes, which are called like chats", 7, "they were empty", "the next message opens one")

TERMS = (
    SENT,
    FAILED,
    LANES,
    *REDACTED,
    Term("platform.outbox_audits", "what was done by hand", 365, "it was done", "it says who did it",
         "delete_outbox_audits"),
    Term("platform.inbox", "deliveries nobody could read or place", 90, "they were dismissed, else since they came",
         "a cause that nobody mended in three months is not mended", "delete_deliveries"),
    Term("platform.updates", "numbers of Telegram's updates", 3, "they came", "Telegram repeats one for a day",
         "delete_updates"),
    Term("platform.failed_updates", "updates that failed", 3, "they failed", "the next try may have gone well",
         "delete_failed_updates"),
    Term("platform.failed_updates", "updates that were set aside, with what was in them", 30, "they failed",
         "until then they can be replayed", "delete_updates_set_aside"),
    Term("platform.refused_requests", "counts of refused webhooks", 90, "their day", "doctor compares them",
         "delete_refused_requests"),
    Term("platform.run_reports", "what scheduled runs did, in numbers", 30, "they ended",
         "trace finds them by their log lines", "delete_run_reports"),
    Term("getcourse.webhook_events", "raw_payload and raw_body of answers", 90, "they came",
         "mentors have read them; the answer itself stays", "empty_raw_payloads"),
    Term("getcourse.webhook_events", "answers", 1095, "they came",
         "reminders know by them who has answered; a repeated webhook is recognised", "delete_answers"),
    Term("getcourse.account_events", "orders, comments, calls of an account", 365, "they came",
         "nothing acts on them", "delete_account_events"),
    Term("getcourse.notifications", "texts of notifications that ended", 90, "they were made", "they are in Telegram",
         "empty_notifications"),
    Term("getcourse.notifications", "notifications", 1095, "they were made",
         "what a mentor was told is not told again", "delete_notifications"),
    Term("getcourse.application_logs", "logs", 30, "they were written", "an error shows within days",
         "delete_application_logs"),
    Term("getcourse.error_logs", "errors", 90, "they were written", "doctor and trace show them",
         "delete_error_logs"),
    Term("support.messages", "messages", 730, "they were written", "the bot and managers read what was agreed",
         "delete_messages"),
    Term("support.handovers", "the words that called a person", 730, "the request", "its numbers stay",
         "empty_trigger_texts"),
    Term("support.conversations", "customers with all that is theirs: addresses, requests, the name of their topic",
         730, "the last message", "who writes again later is somebody new", "delete_customers"),
    Term("learning.idempotency_keys", "answers under a key", 1, "the call", "who has not called again has given up",
         "delete_idempotency_keys"),
    Term("learning.usage", "counts of devices", 2, "their hour", "quotas are of an hour and a day", "delete_usage"),
    Term("learning.track_sessions", "sessions with messages and synopses", 365, "anything in them changed",
         "a learner comes back after a summer", "delete_sessions"),
    Term("learning.users", "learners without a session", 365, "they changed", "nothing of theirs is left",
         "delete_learners"),
    Term("dashboard.conversations", "copies of a salon's dialogs", 730, "the last message",
         "two years can be compared",
         "delete_dialogs"),
    Term("dashboard.bookings", "bookings", 730, "they were made", "two years can be compared", "delete_bookings"),
    Term("dashboard.alerts", "alerts that are over", 730, "they were raised", "two years can be compared",
         "delete_alerts"),
    Term("dashboard.page_sessions", "who was signed in to the pages, and from where", 30,
         "they were over at the latest", "whoever asks who was there asks soon", "delete_page_sessions"),
    Term("dashboard.sign_in_links", "links that sign somebody in", 1, "they were over", "nobody can use one any more",
         "delete_sign_in_links"),
    Term("dashboard.sign_in_attempts", "counts of tries to sign in", 1, "the last one", "pauses are of minutes",
         "delete_sign_in_attempts"),
    Term("courses.import_rejections", "rows of a crm.db that were not taken over, or not whole", 365,
         "they were rejected", "what nobody missed in a year was rightly left", "delete_import_rejections"),
    Term("courses.match_requests", "who asked to be recognised, and who said whom", 90, "they asked",
         "who was not recognised asks anew", "delete_match_requests"),
    Term("courses.dialogs", "who writes to the school's bot, the screen they see, drafts of forms", 90,
         "their last press or word", "whoever comes back begins at the menu", "delete_dialogs_left"),
    Term("courses.broadcasts", "drafts of broadcasts that nobody confirmed", 90, "they were begun",
         "what was worth sending was sent", "delete_broadcast_drafts"),
    Term("dashboard.audits", "who did what", 1095, "it was done", "disputes come late", "delete_audits"),
)  # fmt: skip

# Personal, and gone in another way.
LEAVES_OTHERWISE: Mapping[str, str] = {
    "platform.outbox_attempts": "with its message",
    "platform.archive_queue": "once the archive's bucket has it, with housekeeping",
    "platform.delivery_failures": "within a quarter of an hour, with the dispatcher",
    "platform.members": "when somebody leaves the group",
    "platform.topics": "with the customer; those that no customer has name nobody",
    "support.users": "with the conversation",
    "support.addresses": "with the conversation",
    "support.handover_events": "with the conversation",
    "support.token_usage": "with the conversation",
    "courses.participants": "with the person",
    "courses.user_flags": "with the person",
    "courses.attendance": "with the person",
    "courses.attendance_history": "with the person",
    "courses.payments": "with the person",
    "courses.payments_history": "with the person",
    "courses.homework_delivery": "with the person",
    "courses.submissions": "with the person",
    "courses.broadcast_recipients": "with the person",
    "courses.invitations": "with the person",
    "courses.healing_signups": "with the person",
    "courses.announced_absences": "with the person",
    "courses.reminder_opt_outs": "with the person",
    "learning.chat_threads": "with the session",
    "learning.chat_messages": "with the session",
    "learning.synopses": "with the session",
}

# Personal, and kept until somebody ends it by a command.
KEPT: Mapping[str, str] = {
    "platform.starts": "whom a bot may write to; people forget, salon forget",
    "getcourse.student_versions": "the school's own register; people forget",
    "getcourse.mentor_versions": "the school's own register; people forget",
    "getcourse.mapping_versions": "who is whose mentor; people forget",
    "courses.users": "the school's own people; courses forget",
    "courses.consents": "the school has to prove them",
    "courses.imports": "numbers of rows that were taken over, so that nobody who was forgotten comes back",
    "dashboard.users": "the salons' own people, by their e-mail",
    "dashboard.wishlist_marks": "what of the bot's waiting list is done, or it would be there again",
    "support.client_settings": "a desk's owner, by their username; support settings",
}

NOTHING_PERSONAL = (
    "platform.bots", "platform.bot_limits", "platform.chat_moves", "platform.job_runs", "platform.source_secrets",
    "platform.tenant_secrets", "platform.webhook_sources",
    "getcourse.lesson_versions", "getcourse.training_versions",
    "support.clients", "support.prompts",
    "learning.clients", "learning.client_tokens", "learning.daily_usage", "learning.tracks",
    "learning.track_roadmap_items", "learning.chat_templates",
    "dashboard.metrics_dailies", "dashboard.tenant_settings",
    "courses.school", "courses.cohorts", "courses.streams", "courses.topics", "courses.session_days",
    "courses.sessions", "courses.events", "courses.healing_sessions", "courses.materials", "courses.assignments",
    "courses.consent_texts",
)  # fmt: skip
