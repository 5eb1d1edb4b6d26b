"""What a public client and its devices may still do in this hour (shared/learning/limits.py)."""

from uuid import UUID

from shared.credentials.api_clients import ApiClient
from shared.database import sql
from shared.database.pool import Connection
from shared.errors import HttpProblem
from shared.http import responses
from shared.learning import limits
from shared.learning.limits import Kind

WHOLE_CLIENT = UUID(int=0)

_SQL = sql.load(__file__)


async def take(connection: Connection, client: ApiClient, user: UUID, kind: Kind, amount: int = 1) -> None:
    """Count `amount` of a device, or of WHOLE_CLIENT, unless the client is a server. Raises HttpProblem 429.

    A transaction of its own: whoever counts holds nobody up.
    """
    if not client.is_public:
        return
    client_limit = limits.CLIENT_PER_HOUR[kind]
    values = {
        "client": client.id,
        "user": user,
        "kind": kind,
        "amount": amount,
        "limit": client_limit if user == WHOLE_CLIENT else limits.DEVICE_PER_HOUR[kind],
        "client_limit": client_limit,
        "new_devices_limit": client_limit // limits.NEW_DEVICES_SHARE,
        "portion": limits.PORTION,
    }
    row = await sql.fetch_one(connection, _SQL["take"], values)
    if not row["is_taken"]:
        detail = f"Too many {kind} in this hour. Nothing is stored; call again when the next one begins."
        headers = responses.retry_after(row["seconds_left"])
        raise HttpProblem(429, "Too Many", detail, reason="hourly_limit", headers=headers)
