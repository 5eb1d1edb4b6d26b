"""Forgetting a student or a mentor of the school, by an e-mail, a GetCourse id or a Telegram id."""

import re
from collections.abc import Mapping
from typing import Any

from infra.admin.database import Connection, fetch_one
from infra.admin.errors import AdminError
from infra.admin.forgetting import shared_tables
from infra.admin.forgetting.archive_queue import having
from infra.admin.forgetting.shared_tables import Counts, Traces
from shared.database import sql

_SQL = sql.load(__file__)
# In this order: what refers to a row goes before it.
_TABLES = {
    "getcourse.notifications": "delete_notifications",
    "getcourse.webhook_events": "delete_answers",
    "getcourse.account_events": "delete_account_events",
    "getcourse.mapping_versions": "delete_mapping",
    "getcourse.student_versions": "delete_students",
    "getcourse.mentor_versions": "delete_mentors",
}


def forget(connection: Connection, address: str) -> Counts:
    """Delete whoever is known by `address`, in the transaction of the caller; rows by table. Raises AdminError."""
    person = _find(connection, address.strip().lower())
    events = fetch_one(connection, _SQL["traces"], **person)
    person = {**person, "events": events["events"]}
    shared = shared_tables.forget(connection, _traces(person, events))
    named = connection.execute(_SQL["empty_notifications_with_name"], person).rowcount
    counts = {table: connection.execute(_SQL[statement], person).rowcount for table, statement in _TABLES.items()}
    counts["getcourse.notifications"] += named
    return {**counts, **shared}


def _find(connection: Connection, address: str) -> dict[str, Any]:
    """The person's ids in our tables, and everything by which they are known. Raises AdminError."""
    person = dict(fetch_one(connection, _SQL["find"], address=address))
    if len(person["students"]) > 1 or len(person["mentors"]) > 1:
        raise AdminError("several people are known by this", "give the e-mail of the one who is meant")
    if not person["is_known"]:
        raise AdminError(
            "nobody is known by this, and no answer names it", "give an e-mail, a GetCourse id or a Telegram id"
        )
    ids, emails = [*person["ids"]], [*person["emails"]]
    patterns = [f'"(user_id|gcId|userId)": ?"?{number}"?[,}}]' for number in ids if number.isdigit()]
    patterns += [re.escape(f'"{email}"') for email in emails]
    return {**person, "patterns": patterns}


def _traces(person: Mapping[str, Any], events: Mapping[str, Any]) -> Traces:
    return Traces(
        messages=events["messages"],
        dedup_keys=[f"getcourse/event/{number}/" for number in events["events"]],
        chats=person["chats"],
        texts=[*person["emails"], *person["ids"], *map(str, person["chats"])],
        archived={
            "getcourse.webhook_events": [*having("user_id", person["ids"]), *having("user_email", person["emails"])],
            "getcourse.account_events": person["patterns"],
            "getcourse.notifications": [
                *having("mentor_id", person["mentors"]),
                *having("webhook_event_id", events["events"]),
                *(f'"message": ".*{re.escape(name)}' for name in person["names"]),
            ],
        },
    )
