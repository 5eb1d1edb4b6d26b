"""What became of the desk's messages: cards get their ids, reminders their time, and managers hear what was lost."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from shared.database import sql
from shared.database.pool import Connection
from shared.delivery.enqueue import Message
from shared.delivery.kinds import CARD, CARD_EDIT, IN_TOPIC, MANAGER_REPLY, REMINDER
from shared.i18n.texts import Language
from shared.support import cards, outgoing, texts, topics
from shared.support.outgoing import LinkedMessage

_SQL = sql.load(__file__)


async def lock(connection: Connection, outbox_ids: Sequence[int]) -> None:
    """Lock the handovers of messages that are about to end."""
    await connection.execute(_SQL["lock"], {"ids": outbox_ids})


async def write_back(connection: Connection, ended: Sequence[Mapping[str, Any]]) -> None:
    """Note what became of messages of the desk (rows of the outbox) and hand over what follows from it."""
    if reminders := [row for row in ended if row["kind"] == REMINDER.name]:
        await connection.execute(_SQL["reminders"], _columns(reminders))
    told = await _cards(connection, [row for row in ended if row["kind"] == CARD.name])
    told += await _repost_deleted_cards(connection, [row for row in ended if row["kind"] == CARD_EDIT.name])
    told += await _undelivered(connection, [row for row in ended if _is_lost(row)])
    await outgoing.enqueue_linked(connection, told)


async def _cards(connection: Connection, ended: Sequence[Mapping[str, Any]]) -> list[LinkedMessage]:
    """A card that arrives after its handover went on shows what was true when it left, so it is edited at once."""
    sent = [row for row in ended if row["state"] == "sent"]
    if not sent:
        return []
    rows = await (await connection.execute(_SQL["cards"], _columns(sent))).fetchall()
    return await cards.refreshed(connection, [row["id"] for row in rows], "card-arrived")


async def _repost_deleted_cards(connection: Connection, ended: Sequence[Mapping[str, Any]]) -> list[LinkedMessage]:
    """Somebody deleted a card: an open handover gets a new one, once for each that is gone."""
    gone = [row for row in ended if row.get("error_class") == "message_gone"]
    if not gone:
        return []
    rows = await (await connection.execute(_SQL["vanished"], _columns(gone))).fetchall()
    keys: dict[UUID, str] = {row["id"]: f"card-again/{row['gone']}" for row in rows}
    return [cards.fresh(card, "card-vanished", keys[card.handover_id]) for card in await cards.load(connection, keys)]


def _is_lost(row: Mapping[str, Any]) -> bool:
    """The bot's words are cancelled when a person is faster; a manager's never are but by time, or by hand."""
    return row["state"] in ("dead", "unknown") or (row["state"] == "cancelled" and row["kind"] == MANAGER_REPLY.name)


async def _undelivered(connection: Connection, ended: Sequence[Mapping[str, Any]]) -> list[LinkedMessage]:
    """Say in the topic what did not arrive; what was to be said in the topic itself is told by the alerts."""
    if not ended:
        return []
    rows = await (await connection.execute(_SQL["undelivered"], _columns(ended))).fetchall()
    return [LinkedMessage(_undeliverable(row)) for row in rows]


def _undeliverable(row: Mapping[str, Any]) -> Message:
    return Message(
        bot_id=row["telegram_bot_id"],
        chat_id=row["telegram_chat_id"],
        topic=topics.topic_of(row["user_id"], row["name"], row["phone"], row["language"]),
        kind=IN_TOPIC,
        dedup_key=f"support/lost/{row['outbox_id']}",
        payload={"text": _reason(row)},
        correlation_id=row["correlation_id"],
    )


def _reason(row: Mapping[str, Any]) -> str:
    """An error without a text of its own is shown by its class."""
    language: Language = row["language"]
    if row["kind"] == IN_TOPIC.name:
        return texts.FILE_NOT_LOADED.in_(language).format(url=row["url"])
    if row["state"] == "unknown":
        return texts.MAYBE_DELIVERED.in_(language)
    reason = texts.NOT_DELIVERED_REASONS.get(row["error_class"])
    return texts.NOT_DELIVERED.in_(language).format(reason=reason.in_(language) if reason else row["error_class"])


def _columns(ended: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    names = ("id", "kind", "state", "message_id", "error_class", "finished_at")
    return {name: [row.get(name) for row in ended] for name in names}
