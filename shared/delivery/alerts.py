"""Alerts about messages that failed, to those who look after a bot: once per bot, class (and group) and hour.

An alert about a group that is not ready goes elsewhere, if there is anywhere. An alert about a bot that Telegram
refuses goes through another bot; the log line and `carillon doctor` say it in any case.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from shared.database import sql
from shared.database.pool import Connection
from shared.delivery import alert_texts
from shared.delivery.chat_states import READABLE_STATES
from shared.delivery.enqueue import Message
from shared.delivery.kinds import ALERT, CARD_EDIT

_SQL = sql.load(__file__)

# An alert that fails raises no further one; a card that vanished is posted again.
SILENT_KINDS = (ALERT.name, CARD_EDIT.name)


class Cause(NamedTuple):
    """What an alert is about."""

    bot_id: int
    error_class: str  # of what went wrong with a message of the bot
    group_id: int | None = None  # whose state it is
    words: str | None = None  # what Telegram or the gateway said


async def messages(connection: Connection, causes: Mapping[Cause, str]) -> list[Message]:
    """The alerts that `causes` call for; the value of each is a correlation id. The caller enqueues them.

    Of causes that differ in their words alone the first counts.
    """
    by_key: dict[tuple[int, str, int | None], Cause] = {}
    for cause in causes:
        by_key.setdefault(cause[:3], cause)
    if not by_key:
        return []
    columns = {
        "bots": [cause.bot_id for cause in by_key.values()],
        "classes": [cause.error_class for cause in by_key.values()],
        "groups": [cause.group_id for cause in by_key.values()],
        "readable": list(READABLE_STATES),
    }
    rows = await sql.fetch_all(connection, _SQL["alert_routes"], columns)
    found = [(row, by_key[row["bot_id"], row["error_class"], row["group_id"]]) for row in rows]
    return [_alert(row, cause, causes[cause]) for row, cause in found]


def _alert(row: Mapping[str, Any], cause: Cause, correlation_id: str) -> Message:
    text = alert_texts.alert(row["bot"], cause.error_class, row["language"], group=_group(row), words=cause.words)
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
