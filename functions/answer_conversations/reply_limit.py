"""How many answers a customer gets within an hour: a person asks less, two answering machines would never end."""

from dataclasses import dataclass
from datetime import datetime

from shared.database import sql
from shared.database.pool import Connection
from shared.i18n import dates
from shared.payload import timezones
from shared.support import texts, topic_messages
from shared.support.conversations import Conversation
from shared.support.outgoing import LinkedMessage

MAX_REPLIES = 30  # within an hour that begins with the first of them

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Allowance:
    """Whether the hour's answers are used up, and when that hour is over."""

    is_used_up: bool
    until: datetime


async def count(connection: Connection, conversation: Conversation) -> Allowance:
    """Count an answer in a locked conversation. The one too many is not to be sent; after it the count begins anew."""
    parameters = {"conversation_id": conversation.conversation_id, "max": MAX_REPLIES}
    return Allowance(**await sql.fetch_one(connection, _SQL["count"], parameters))


def notice(conversation: Conversation, until: datetime, correlation_id: str) -> list[LinkedMessage]:
    """What managers read of it in the topic; nothing without a group."""
    desk = conversation.desk
    time = dates.clock(until.astimezone(timezones.zone(desk.timezone, timezones.OF_DESKS)))
    html = texts.REPLIES_USED_UP.in_(desk.language).format(count=MAX_REPLIES, time=time)
    key = f"support/replies-used-up/{conversation.conversation_id}/{until.timestamp():.0f}"
    message = topic_messages.notice(conversation, html, key, correlation_id)
    return [LinkedMessage(message)] if message else []
