"""The eighteen tables of a crm.db in the order in which they refer to each other, and how each one is read."""

from infra.admin.courses.crm.readers import broadcasts, notes, people, teaching
from infra.admin.courses.crm.readers.table import Table

TABLES: tuple[Table, ...] = (
    people.COHORTS,
    teaching.STREAMS,
    teaching.TOPICS,
    people.USERS,
    people.PARTICIPANTS,
    people.USER_FLAGS,
    people.CONSENTS,
    teaching.SESSION_DAYS,
    teaching.SESSIONS,
    teaching.EVENTS,
    teaching.HEALING_SESSIONS,
    teaching.MATERIALS,
    teaching.ASSIGNMENTS,
    notes.ATTENDANCE,
    notes.PAYMENTS,
    notes.HOMEWORK,
    broadcasts.BROADCASTS,
    broadcasts.RECIPIENTS,
)
# Those of which rows are made that others name.
NAMED = (people.COHORTS, teaching.STREAMS, teaching.TOPICS)
