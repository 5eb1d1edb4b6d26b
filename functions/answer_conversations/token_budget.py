"""Tokens of the model that a desk and each of its customers may use a day (UTC): beyond them people answer."""

from collections.abc import Iterable, Mapping

from shared import logs
from shared.database import sql
from shared.database.pool import Connection
from shared.support.conversations import Conversation

BYTES_PER_TOKEN = 4  # of English; Russian has about half as many letters in them

_SQL = sql.load(__file__)


def estimate(messages: Iterable[Mapping[str, str]], answer_tokens: int) -> int:
    """Tokens that a call may cost: a guess from what is asked, and all that the answer is allowed."""
    return answer_tokens + sum(len(message["content"].encode()) // BYTES_PER_TOKEN for message in messages)


async def take(connection: Connection, conversation: Conversation, tokens: int) -> bool:
    """Count a call that costs so many `tokens`; False where fewer are left today. A transaction of its own."""
    parameters = {
        "conversation_id": conversation.conversation_id,
        "client_id": conversation.desk.id,
        "tokens": tokens,
    }
    is_taken = await sql.fetch_optional(connection, _SQL["take"], parameters) is not None
    if not is_taken:
        logs.warning(
            "token_budget_used_up",
            client_id=str(conversation.desk.id),
            conversation_id=str(conversation.conversation_id),
            next_step="carillon doctor",
        )
    return is_taken
