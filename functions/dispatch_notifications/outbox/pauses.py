"""Pauses that a gateway asks for: whole bots rest where it means them, and somebody hears of long ones."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from functions.dispatch_notifications.outbox.retry_policy import Finished
from shared.database import sql
from shared.database.pool import Connection
from shared.delivery.alerts import Cause
from shared.delivery.kinds import ALERT

LONG_PAUSE_SECONDS = 300.0

_SQL = sql.load(__file__)


async def refused_bots(connection: Connection, finished: Sequence[Finished]) -> dict[int, datetime]:
    """The bots that a gateway means with its refusals, rather than one chat of theirs, and until when they rest."""
    limited = [
        (attempt.bot_id, decision.outcome) for attempt, decision in finished if decision.result == "rate_limited"
    ]
    if not limited:
        return {}
    bots = {bot for bot, _ in limited}
    bot_wide = {bot for bot, outcome in limited if outcome and outcome.bot_wide}
    parameters = {"bots": sorted(bots), "bot_wide": sorted(bot_wide)}
    rows = await sql.fetch_all(connection, _SQL["refused_bots"], parameters)
    return {row["bot_id"]: row["until"] for row in rows}


async def pause_bots(connection: Connection, refused: Mapping[int, datetime]) -> None:
    """Let these bots rest. The last step of a transaction: whoever claims waits for it."""
    if refused:
        columns = {"bots": list(refused), "untils": list(refused.values())}
        await connection.execute(_SQL["pause_bots"], columns)


def long_pauses(finished: Sequence[Finished], refused: Mapping[int, datetime]) -> dict[Cause, str]:
    """The chats and bots that rest for long, with a correlation id each. Of a bot that rests no chat is named."""
    causes: dict[Cause, str] = {}
    for attempt, decision in finished:
        if decision.result != "rate_limited" or decision.pause < LONG_PAUSE_SECONDS or attempt.kind == ALERT.name:
            continue
        if until := refused.get(attempt.bot_id):
            cause = Cause(attempt.bot_id, "bot_paused", until=until)
        else:
            until = datetime.now(UTC) + timedelta(seconds=decision.pause)
            group = attempt.chat_id if (attempt.chat_id or 0) < 0 else None
            cause = Cause(attempt.bot_id, "chat_paused", group, until=until)
        causes.setdefault(cause, attempt.correlation_id)
    return causes
