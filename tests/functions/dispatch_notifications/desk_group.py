"""A desk whose messages are under way: one person, one group, and what the functions of the desk would do."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from infra.sandbox.server import SandboxServer
from shared.database.pool import Database
from shared.delivery.kinds import REMINDER
from shared.support import cards, conversations, messages, open_handover, outgoing, replies, topic_messages, updates
from shared.support.messages import NewMessage
from shared.support.outgoing import LinkedMessage
from shared.support.state_machine import Transition
from shared.support.updates import Actor
from tests.conftest import rows
from tests.functions.dispatch_notifications.conftest import Dispatcher
from tests.helpers import arrange, canaries, desk
from tests.helpers.serving import serve

Plain = psycopg.Connection[DictRow]
PHOTO = {"photo": "AgACAgIAAxkBAAIB"}  # what no WhatsApp gateway could fetch


class Group:
    """A desk, one person, and what its functions would do."""

    def __init__(self, connection: Plain, database: Database, telegram: SandboxServer) -> None:
        self.connection, self.database, self.telegram = connection, database, telegram
        self.desk = desk.desk(connection)
        self.conversation = desk.conversation(connection, self.desk)
        self.set("platform.bots", private_pace="0", group_pace="0", rate_per_second=1000)

    def set(self, table: str, **columns: Any) -> None:
        """Change all rows of a table."""
        names = ", ".join(f"{name} = %s" for name in columns)
        self.connection.execute(f"update {table} set {names}".encode(), tuple(columns.values()))

    async def open(self) -> None:
        """A request is opened."""
        async with self.database.transaction() as connection:
            [talk] = await conversations.lock(connection, [self.conversation])
            _, sent = await open_handover.open_handover(connection, talk, "keyword", "оператор", "c" * 32)
            await outgoing.enqueue_linked(connection, sent)

    async def move(self, move: Transition) -> None:
        """Somebody moves it."""
        async with self.database.transaction() as connection:
            [talk] = await conversations.lock(connection, [self.conversation])
            change = updates.from_transition(talk, move, Actor("Иван", 7_100_000_001))
            assert change
            assert talk.handover
            await updates.write(connection, [change])
            await outgoing.enqueue_linked(connection, await cards.refreshed(connection, [talk.handover.id], "c" * 32))

    async def remind(self) -> None:
        """What the sweep hands over: the first reminder, marked at once."""
        async with self.database.transaction() as connection:
            [talk] = await conversations.lock(connection, [self.conversation])
            assert talk.handover
            change = updates.ConversationUpdate(talk, talk.bot, event="reminder_1")
            await updates.write(connection, [change])
            key = f"support/handover/{talk.handover.id}/reminder-1"
            note = topic_messages.notice(talk, "Ждёт", key, "c" * 32, REMINDER)
            assert note
            await outgoing.enqueue_linked(
                connection, [LinkedMessage(replace(note, guard={"handover_id": str(talk.handover.id)}))]
            )

    async def reply(self, kind: Any, method: str = "sendMessage", **payload: Any) -> UUID:
        """Words for the client."""
        async with self.database.transaction() as connection:
            [talk] = await conversations.lock(connection, [self.conversation])
            identity = await messages.add(connection, talk, NewMessage("manager", "Слова", "c" * 32))
            assert identity
            linked = replies.reply(talk, identity, payload or {"text": "Слова"}, kind, "c" * 32, method)
            assert linked
            await outgoing.enqueue_linked(connection, [linked])
        return identity

    def handover(self) -> dict[str, Any]:
        """The request's row."""
        [row] = rows(self.connection, "select * from support.handovers")
        return dict(row)

    def states(self, kind: str) -> list[str]:
        """What became of the messages of a kind."""
        query = "select state from platform.outbox where kind = %s order by id"
        return [row["state"] for row in rows(self.connection, query, kind)]

    def lying(self) -> dict[int, dict[str, Any]]:
        """What can be read in the group now, but for service messages."""
        chat = self.telegram.telegram.chats[(0, self.desk.chat)]
        return {number: one for number, one in chat.messages.items() if "text" in one}

    def texts(self) -> list[str]:
        """The words of it."""
        return [one["text"] for one in self.lying().values()]


@pytest.fixture
def group(connection: Plain, database: Database, telegram: SandboxServer) -> Group:
    return Group(connection, database, telegram)


@pytest.fixture
def dispatcher(database_url: str, telegram: SandboxServer, printed: Path) -> Iterator[Dispatcher]:
    """dispatch_notifications with both stand-ins."""
    settings = {"SECRETS_KEY": arrange.SECRETS_KEY, "CRON_SECRET": canaries.CRON_SECRET}
    gateways = {"TELEGRAM_API_URL": telegram.url, "CHATFLOW_API_URL": f"{telegram.url}/chatflow"}
    with serve("dispatch_notifications", printed, DATABASE_URL=database_url, **settings, **gateways) as served:
        yield Dispatcher(served.url, served.output)


def buttons(message: dict[str, Any]) -> Sequence[str]:
    """The words on a message's buttons."""
    return [one["text"] for row in message.get("reply_markup", {}).get("inline_keyboard", []) for one in row]
