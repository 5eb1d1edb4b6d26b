"""Write back what became of the desk's messages: ids of cards, times of reminders, notices of what was lost."""

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


async def write_back(connection: Connection, finished: Sequence[Mapping[str, Any]]) -> None:
    """Write back what became of messages (finished rows of the outbox), and enqueue what follows from it."""
    if reminders := [row for row in finished if row["kind"] == REMINDER.name]:
        await connection.execute(_SQL["reminders"], _columns(reminders))
    linked_messages = await _cards(connection, [row for row in finished if row["kind"] == CARD.name])
    linked_messages += await _repost_deleted_cards(
        connection, [row for row in finished if row["kind"] == CARD_EDIT.name]
    )
    linked_messages += await _undelivered(connection, [row for row in finished if _is_lost(row)])
    await outgoing.enqueue_linked(connection, linked_messages)


async def _cards(connection: Connection, finished: Sequence[Mapping[str, Any]]) -> list[LinkedMessage]:
    """Edits of cards that were sent after their handover had changed, and show it as it was before."""
    sent = [row for row in finished if row["state"] == "sent"]
    if not sent:
        return []
    rows = await sql.fetch_all(connection, _SQL["closed_cards"], _columns(sent))
    return await cards.refreshed(connection, [row["id"] for row in rows], "card-arrived")


async def _repost_deleted_cards(connection: Connection, finished: Sequence[Mapping[str, Any]]) -> list[LinkedMessage]:
    """An open handover gets a new card for each one that somebody deleted."""
    gone = [row for row in finished if row.get("error_class") == "message_gone"]
    if not gone:
        return []
    rows = await sql.fetch_all(connection, _SQL["deleted_cards"], _columns(gone))
    keys: dict[UUID, str] = {row["id"]: f"card-again/{row['gone']}" for row in rows}
    return [cards.fresh(card, "card-vanished", keys[card.handover_id]) for card in await cards.load(connection, keys)]


def _is_lost(row: Mapping[str, Any]) -> bool:
    """The bot's replies are also cancelled when a manager is faster: they are not lost. A manager's never are."""
    return row["state"] in ("dead", "unknown") or (row["state"] == "cancelled" and row["kind"] == MANAGER_REPLY.name)


async def _undelivered(connection: Connection, finished: Sequence[Mapping[str, Any]]) -> list[LinkedMessage]:
    """Notices in the topic of replies that did not arrive; messages to the topic itself are the alerts' business."""
    if not finished:
        return []
    rows = await sql.fetch_all(connection, _SQL["undelivered"], _columns(finished))
    return [LinkedMessage(_undeliverable(row)) for row in rows]


def _undeliverable(row: Mapping[str, Any]) -> Message:
    return Message(
        bot_id=row["telegram_bot_id"],
        chat_id=row["telegram_chat_id"],
        topic=topics.topic_of(row["user_id"], row["name"], row["phone"], row["language"]),
        kind=IN_TOPIC,
        dedup_key=f"support/lost/{row['lost']}",
        payload={"text": undelivered_text(row)},
        correlation_id=row["correlation_id"],
    )


def undelivered_text(row: Mapping[str, Any]) -> str:
    """What managers read of a lost message: why, and what to do. No class of an error is shown to them."""
    language: Language = row["language"]
    if row["kind"] == IN_TOPIC.name:
        return texts.FILE_NOT_LOADED.in_(language).format(url=row["url"])
    if row["state"] == "unknown":
        return texts.MAYBE_DELIVERED.in_(language)
    reason = texts.NOT_DELIVERED_REASONS.get(row["error_class"], texts.REFUSED)
    return texts.NOT_DELIVERED.in_(language).format(reason=reason.in_(language))


def _columns(finished: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    names = ("id", "kind", "state", "message_id", "error_class", "finished_at")
    return {name: [row.get(name) for row in finished] for name in names}
