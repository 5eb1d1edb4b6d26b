"""Alerts about messages that failed, to those who look after a bot: once per bot, class (and group) and hour.

A bot without an alert chat is looked after by the admin chat of its school, or by whoever looks after another bot. An
alert about a group that is not ready goes elsewhere, if there is anywhere. One about a bot that Telegram refuses goes
through another bot, and one about a bot that has to pause if there is another; managers of a desk whose account is
refused hear so, too. The log line and `carillon doctor` say it in any case.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from shared.database import sql
from shared.database.pool import Connection
from shared.delivery import alert_texts, people
from shared.delivery.chat_states import READABLE_STATES
from shared.delivery.enqueue import Message
from shared.delivery.kinds import (
    ALERT,
    CARD_EDIT,
    COURSES_BROADCAST,
    COURSES_BROADCAST_EDIT,
    COURSES_BROADCAST_PROGRESS,
    COURSES_SCREEN_EDIT,
)

UNREACHED = ("blocked", "chat_not_found", "recipient_is_bot")  # classes whose alert names the person
MAX_NAMES = 5  # of people in one alert

_SQL = sql.load(__file__)

# An alert that fails raises no further one; a card that vanished is posted again, a screen with the next press. Of a
# broadcast its author sees who did not get it.
SILENT_KINDS = (
    ALERT.name, CARD_EDIT.name, COURSES_BROADCAST.name, COURSES_BROADCAST_EDIT.name, COURSES_BROADCAST_PROGRESS.name,
    COURSES_SCREEN_EDIT.name,
)  # fmt: skip


def is_silent(kind: str, *, is_unreached: bool) -> bool:
    """Whether nobody is alarmed by the end of a message of this kind; `is_unreached`: a person has closed the chat.

    People of a course close it as they like: its bot shows staff whom something did not reach.
    """
    return kind in SILENT_KINDS or (is_unreached and kind.startswith("courses/"))


class Cause(NamedTuple):
    """What an alert is about."""

    bot_id: int
    error_class: str  # of what went wrong with a message of the bot
    group_id: int | None = None  # whose state it is
    words: str | None = None  # what Telegram or the gateway said
    person_id: int | None = None  # who could not be reached
    until: datetime | None = None  # when a pause ends


async def messages(connection: Connection, causes: Mapping[Cause, str]) -> list[Message]:
    """The alerts that `causes` call for; the value of each is a correlation id. The caller enqueues them.

    Of causes that differ in their words alone the first counts; one alert names several people.
    """
    by_key: dict[tuple[int, str, int | None], Cause] = {}
    people_of: dict[tuple[int, str, int | None], list[int]] = {}
    for cause in causes:
        by_key.setdefault(cause[:3], cause)
        if cause.person_id is not None:
            people_of.setdefault(cause[:3], []).append(cause.person_id)
    if not by_key:
        return []
    named = {key: sorted(set(ids))[:MAX_NAMES] for key, ids in people_of.items()}
    names = await people.names(connection, {person for ids in named.values() for person in ids})
    columns = {
        "bots": [cause.bot_id for cause in by_key.values()],
        "classes": [cause.error_class for cause in by_key.values()],
        "groups": [cause.group_id for cause in by_key.values()],
        "readable": list(READABLE_STATES),
    }
    rows = await sql.fetch_all(connection, _SQL["alert_routes"], columns)
    found = {  # managers read what is written for them, should their group be an alert chat as well
        (by_key[row["bot_id"], row["error_class"], row["group_id"]], row["alert_chat_id"]): row for row in rows
    }
    return [
        _alert(row, cause, causes[cause], [names[person] for person in named.get(cause[:3], ())])
        for (cause, _), row in found.items()
    ]


def _alert(row: Mapping[str, Any], cause: Cause, correlation_id: str, unreached: Sequence[str]) -> Message:
    if row["is_desk"]:
        text = alert_texts.ACCOUNT_REFUSED.in_(row["language"]).format(bot=row["bot"])
        what = f"{cause.error_class}/desk/{row['alert_chat_id']}"
    else:
        words, people = (None, ()) if row["is_foreign"] else (cause.words, unreached)  # not for somebody else's eyes
        text = alert_texts.alert(
            row["bot"], cause.error_class, row["language"],
            group=_group(row), words=words, people=people, until=cause.until,
        )  # fmt: skip
        what = cause.error_class if cause.group_id is None else f"{cause.error_class}/{cause.group_id}"
    return Message(
        bot_id=row["sender_id"],
        chat_id=row["alert_chat_id"],
        kind=ALERT,
        dedup_key=f"platform/alert/{row['bot']}/{what}/{row['hour']}",
        payload={"text": text, "parse_mode": "HTML"},
        correlation_id=correlation_id,
    )


def _group(row: Mapping[str, Any]) -> str | None:
    """How people call a group: after the desk that works in it, else by its id."""
    return row["desk"] or (None if row["group_id"] is None else str(row["group_id"]))
