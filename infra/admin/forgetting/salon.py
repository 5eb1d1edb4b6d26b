"""Forgetting a salon's client where the tables are ours: copies of dialogs, and bookings."""

import re
from uuid import UUID

from infra.admin.database import Connection, fetch
from infra.admin.errors import AdminError
from infra.admin.forgetting import shared_tables
from infra.admin.forgetting.archive_queue import having
from infra.admin.forgetting.shared_tables import Counts, Traces
from infra.admin.salon import tenants
from shared.database import sql

_SQL = sql.load(__file__)


def forget(connection: Connection, address: str, tenant: str = "") -> Counts:
    """Delete a client of `tenant`, or of all, in the transaction of the caller; rows by table. Raises AdminError.

    The bot's own tables are its own: only the address is looked up there.
    """
    address = address.strip()
    digits = re.sub(r"[ ()+-]", "", address)
    with tenants.as_keeper(connection):
        only: UUID | None = tenants.find(connection, tenant)["id"] if tenant else None
        clients = fetch(connection, _SQL["clients"], address=address, digits=digits, tenant=only)
        if not clients:
            raise AdminError(
                "no client has this address", "give a phone, a Telegram or YClients id, or the client's id at the bot"
            )
        named = {"clients": [str(row["id"]) for row in clients]}
        counts = {
            "dashboard.conversations": connection.execute(_SQL["delete_dialogs"], named).rowcount
            + connection.execute(_SQL["empty_newest_dialog"], named).rowcount,
            "dashboard.bookings": connection.execute(_SQL["delete_bookings"], named).rowcount,
        }
        with tenants.as_oneself(connection):
            phones = {re.sub(r"\D", "", row[column] or "") for row in clients for column in ("phone", "whatsapp_id")}
            archived = dict.fromkeys(counts, having("client_id", named["clients"]))
            shared = shared_tables.forget(connection, Traces(texts=sorted(phones), archived=archived))
    return {**counts, **shared}
