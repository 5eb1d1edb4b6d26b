"""The writer on a database with a desk, without the way over HTTP: what records leave there."""

import asyncio
import itertools
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import DictRow

from functions.ingest_webhook.request import ParsedRequest, WebhookRequest
from functions.ingest_webhook.whatsapp.events import AddressChange
from functions.ingest_webhook.whatsapp.message import ParsedMessage, Record, ranked_addresses
from functions.ingest_webhook.whatsapp.store import Stored, Writer
from shared import config
from shared.database.pool import Database
from shared.delivery.kinds import MANAGER_REPLY
from shared.support import conversations, messages, outgoing, replies
from shared.support.conversations import Conversation
from shared.support.messages import NewMessage
from tests.helpers import canaries
from tests.helpers.worlds.support import Desk, insert

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Person:
    """Three addresses that no other test of this process uses."""

    phone: str
    scoped: str
    hidden: str

    @property
    def addresses(self) -> tuple[str, ...]:
        return (self.phone, self.scoped, self.hidden)


def person() -> Person:
    number = next(_numbers)
    phone = f"{canaries.CLIENT_PHONES}{number:05}@s.whatsapp.net"
    return Person(phone, f"KZ.9000000{number:013}", f"900000{number:09}@lid")


def message(*addresses: str, text: str = "Здравствуйте", from_me: bool = False, account: str | None = None) -> Any:
    """A message whose envelope names a customer by `addresses`."""
    return ParsedMessage(
        external_id=f"wamid.{uuid.uuid4()}",
        account=account,
        addresses=ranked_addresses(*addresses),
        from_me=from_me,
        kind="text",
        text=text,
        media=None,
        name=None if from_me else canaries.CLIENT,
        sent_at=datetime.now(UTC),
        quoted_id=None,
        raw={},
    )


def change(former: Sequence[str], addresses: Sequence[str], change_id: str = "") -> AddressChange:
    """A customer's change of addresses."""
    change_id = change_id or f"wamid.{uuid.uuid4()}"
    return AddressChange(None, ranked_addresses(*former), ranked_addresses(*addresses), change_id, datetime.now(UTC))


@dataclass
class Office:
    """A desk of ChatFlow's, and what customers left there."""

    connection: psycopg.Connection[DictRow]
    url: str = field(repr=False)
    desk: Desk
    runner: asyncio.Runner

    def __post_init__(self) -> None:
        self._database = Database(self.url)
        self._writer = self.writer(self._database)

    def writer(self, database: Database) -> Writer:
        """A writer of its own."""
        return Writer(database, config.load(names=("secrets_key", "media_url")))

    def request(self, *records: Record) -> ParsedRequest[Record]:
        """A call that brought these records."""
        correlation_id = str(uuid.uuid4())
        webhook = WebhookRequest("", correlation_id.encode(), "application/json")
        return ParsedRequest(self.desk.source, correlation_id, webhook, records)

    def write(self, *records: Record) -> Stored:
        """One call."""
        [stored] = self.runner.run(self._writer.write([self.request(*records)]))
        return stored

    def write_at_once(self, records: Sequence[Record]) -> None:
        """A call for each record, all at the same time, each on a connection of its own."""

        async def write_all() -> None:
            databases = [Database(self.url, size=1) for _ in records]
            calls = [
                self.writer(database).write([self.request(record)])
                for database, record in zip(databases, records, strict=True)
            ]
            try:
                await asyncio.gather(*calls)
            finally:
                for database in databases:
                    await database.close()

        self.runner.run(write_all())

    def close(self) -> None:
        self.runner.run(self._database.close())

    def rows(self, query: str, *values: object) -> list[DictRow]:
        """All rows of a query."""
        return self.connection.execute(query.encode(), values).fetchall()

    def conversation_of(self, record: ParsedMessage) -> UUID:
        """The conversation in which a message is."""
        [row] = self.rows("select conversation_id from support.messages where external_id = %s", record.external_id)
        identity: UUID = row["conversation_id"]
        return identity

    def customers(self, *people: Person) -> list[DictRow]:
        """The customers to whom addresses of some people lead."""
        query = """select u.* from support.users u where u.id in (
                       select user_id from support.addresses where address = any(%s)) order by u.created_at"""
        return self.rows(query, [address for whoever in people for address in whoever.addresses])

    def addresses(self, customer: UUID) -> set[str]:
        """All that leads to a customer."""
        return {
            row["address"] for row in self.rows("select address from support.addresses where user_id = %s", customer)
        }

    def locked(self, conversation: UUID) -> Conversation:
        """The conversation as whoever replies sees it."""

        async def read() -> Conversation:
            async with self._database.transaction() as connection:
                [found] = await conversations.lock(connection, [conversation])
                return found

        return self.runner.run(read())

    def reply(self, conversation: UUID, text: str) -> DictRow:
        """The row of the outbox with a manager's reply, which left just now."""

        async def enqueue() -> UUID:
            async with self._database.transaction() as connection:
                [found] = await conversations.lock(connection, [conversation])
                message_id = await messages.add(connection, found, NewMessage("manager", text, "cid"))
                assert message_id
                linked = replies.reply(found, message_id, {"text": text}, MANAGER_REPLY, "cid")
                assert linked
                await outgoing.enqueue_linked(connection, [linked])
                return message_id

        key = f"support/message/{self.runner.run(enqueue())}"
        [row] = self.rows(
            "update platform.outbox set state = 'sent', send_started_at = now(), finished_at = now()"
            " where dedup_key = %s returning *",
            key,
        )
        return row

    def open_handover(self, conversation: UUID, **columns: Any) -> UUID:
        values = {"conversation_id": conversation, "trigger_type": "keyword", **columns}
        return insert(self.connection, "support.handovers", client_id=self.desk.id, **values)

    def notices(self, conversation: UUID) -> list[str]:
        """What was noted in a customer's topic about their addresses, in order."""
        query = """select o.payload ->> 'text' as text from platform.outbox o
                   join support.conversations c on o.topic = 'support/user/' || c.user_id
                   where c.id = %s and o.dedup_key like 'support/address/%%' order by o.id"""
        return [row["text"] for row in self.rows(query, conversation)]
