"""A desk whose messages are under way: one person, one group, and what the functions of the desk would do."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from shared.delivery.kinds import REMINDER
from shared.support import cards, conversations, messages, open_handover, outgoing, replies, topic_messages, updates
from shared.support.actor import Actor
from shared.support.messages import NewMessage
from shared.support.outgoing import LinkedMessage
from shared.support.state_machine import Transition
from tests.conftest import rows
from tests.functions.dispatch_notifications.delivery import Delivery
from tests.helpers.worlds import support

Plain = psycopg.Connection[DictRow]
PHOTO = {"photo": "AgACAgIAAxkBAAIB"}  # what no WhatsApp gateway could fetch


class Group:
    """A desk, one person, and what its functions would do."""

    def __init__(self, delivery: Delivery) -> None:
        self.connection, self.database, self.telegram = delivery.connection, delivery.database, delivery.telegram
        self.desk = support.desk(self.connection)
        self.conversation = support.conversation(self.connection, self.desk)
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
        return {number: message for number, message in chat.messages.items() if "text" in message}

    def texts(self) -> list[str]:
        """The words of it."""
        return [message["text"] for message in self.lying().values()]


@pytest.fixture
def group(delivery: Delivery) -> Group:
    return Group(delivery)


def buttons(message: dict[str, Any]) -> Sequence[str]:
    """The words on a message's buttons."""
    return [button["text"] for row in message.get("reply_markup", {}).get("inline_keyboard", []) for button in row]
