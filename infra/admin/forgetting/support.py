"""Forgetting a customer of the support desks, by any of their addresses in WhatsApp."""

from typing import Any
from uuid import UUID

# An address is spelled as ingest_webhook spells it.
from functions.ingest_webhook.whatsapp.message import phone_or_lid
from infra.admin.database import Connection, fetch, fetch_one
from infra.admin.errors import AdminError
from infra.admin.forgetting import shared_tables
from infra.admin.forgetting.archive_queue import having
from infra.admin.forgetting.shared_tables import Counts, Traces
from infra.admin.support import desks
from shared.database import sql

_SQL = sql.load(__file__)


def forget(connection: Connection, address: str, desk: str = "") -> Counts:
    """Delete a customer of `desk`, or of all, in the transaction of the caller; rows by table. Raises AdminError.

    Also whom the same person was taken for before an address led from one to the other.
    """
    only = desks.find(connection, desk)["id"] if desk else None
    spelled = phone_or_lid(address.strip())
    customers = [row["id"] for row in fetch(connection, _SQL["customers"], address=spelled, desk=only)]
    if not customers:
        return _forget_unread(connection, spelled or "")
    conversations = [row["id"] for row in fetch(connection, _SQL["lock"], customers=customers)]
    counts = fetch_one(connection, _SQL["count"], customers=customers)
    shared = shared_tables.forget(connection, _traces(connection, customers, conversations))
    connection.execute(_SQL["delete"], {"customers": customers})
    return {**{f"support.{table}": count for table, count in counts.items()}, **shared}


def _forget_unread(connection: Connection, address: str) -> Counts:
    """Delete what came from somebody of whom nothing could be read. Raises AdminError when there is nothing."""
    user, _, server = address.partition("@")
    is_address = user.isdecimal() and server != ""  # a word may stand in anybody's bodies
    traces = Traces(recipients=[address], texts=[user]) if is_address else Traces()
    counts = shared_tables.forget(connection, traces)
    if not any(counts.values()):
        raise AdminError(
            "no customer has this address",
            "give a phone with its country (+77010000001), 123@lid, or the id that Meta shows",
        )
    return counts


def _traces(connection: Connection, customers: list[UUID], conversations: list[UUID]) -> Traces:
    found: dict[str, Any] = fetch_one(connection, _SQL["traces"], customers=customers)
    addresses: list[str] = found["addresses"]
    return Traces(
        messages=found["messages"],
        dedup_keys=[f"support/handover/{handover}/" for handover in found["handovers"]],
        recipients=addresses,
        topics=[f"support/user/{customer}" for customer in customers],
        texts=[address.partition("@")[0] for address in addresses],
        archived={
            "support.messages": having("conversation_id", conversations),
            "support.handovers": having("conversation_id", conversations),
            "support.conversations": having("user_id", customers),
        },
    )
