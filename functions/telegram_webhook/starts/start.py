"""A person opens a chat with a bot: whoever presses Start hears what will come here, and gets what waited for it.

Sent again by itself is what is still worth sending by its kind's own time: Telegram refused it for certain, so no copy
exists. What is older may be wrong by now: a person decides, and is told the command.
"""

from collections.abc import Sequence
from datetime import timedelta
from html import escape
from typing import Any

from functions.telegram_webhook import bots
from functions.telegram_webhook import texts as bot_texts
from functions.telegram_webhook.bots import Bot
from functions.telegram_webhook.starts import texts
from functions.telegram_webhook.updates.events import ChatReopened, PrivateMessage
from shared import logs
from shared.database import sql
from shared.database.pool import Connection, Database, Row
from shared.delivery import chats, lane_heads
from shared.delivery.enqueue import Message, enqueue
from shared.delivery.kinds import ALERT, WELCOME_BACK
from shared.i18n.texts import Language

ANSWER_PAUSE = timedelta(minutes=5)  # between two answers to the same person
MAX_IDS = 50  # of a command in an alert

_SQL = sql.load(__file__, "starts.sql")


async def note(database: Database, bot: Bot, event: PrivateMessage) -> None:
    """Remember that somebody has opened a chat with the bot."""
    async with database.connection() as connection:
        await connection.execute(_SQL["note"], {"bot_id": bot.id, "chat_id": event.chat_id})


async def come_back(connection: Connection, bot_id: int, chat_id: int) -> bool:
    """Remember that somebody has opened the chat, in which the bot answers itself; whether it was blocked before.

    What waited for them and is still worth sending is queued.
    """
    person = {"bot_id": bot_id, "chat_id": chat_id}
    await connection.execute(_SQL["note"], person)
    unblocked = await chats.unblock(connection, bot_id, chat_id)
    if unblocked:
        unreached = await sql.fetch_all(connection, _SQL["unreached"], person)
        await _send_again(connection, person, [row for row in unreached if row["is_fresh"]])
    return unblocked


async def start(database: Database, bot: Bot, event: PrivateMessage | ChatReopened, update_id: int | None) -> bool:
    """Answer whoever pressed Start or let the bot in again, and send what waited for it; whether anything is to send.

    Whoever presses many times is answered once in ANSWER_PAUSE, and costs one statement each time.
    """
    person: dict[str, Any] = {"bot_id": bot.id, "chat_id": event.chat_id}
    async with database.transaction() as connection:
        unblocked = await chats.unblock(connection, bot.id, event.chat_id)
        if isinstance(event, ChatReopened) and not unblocked:
            await connection.execute(_SQL["note"], person)
            return False
        is_due = await sql.fetch_optional(connection, _SQL["note_answer"], {**person, "pause": ANSWER_PAUSE})
        if not (is_due or unblocked):
            return False
        username = event.username if isinstance(event, PrivateMessage) else ""
        roles = await sql.fetch_all(connection, _SQL["roles"], {**person, "username": username})
        unreached = await sql.fetch_all(connection, _SQL["unreached"], person)
        woken = await _send_again(connection, person, [row for row in unreached if row["is_fresh"]])
        language = await bots.language(connection, bot.id) or event.language
        answer = Message(
            bot.id, WELCOME_BACK, f"platform/welcome-back/{bot.id}/{update_id}",
            {"text": _answer(roles, event.chat_id, woken, language, unblocked=unblocked)},
            logs.correlation_id.get(), event.chat_id,
        )  # fmt: skip
        name = next((row["name"] for row in roles if row["role"] == "mentor" and row["name"]), username)
        old = [row["id"] for row in unreached if not row["is_fresh"]]
        alerts = await _alert(connection, bot, event.chat_id, name, old, update_id) if old else []
        await enqueue(connection, [answer, *alerts])
    logs.info("chat_opened", bot=bot.name, revived=unblocked, sent_again=woken, too_old=len(old))
    return True


async def _send_again(connection: Connection, person: dict[str, Any], rows: Sequence[Row]) -> int:
    """Queue what is still worth sending; how many messages."""
    if not rows:
        return 0
    await connection.execute(_SQL["lock_lanes"], {**person, "lanes": [row["lane"] for row in rows]})
    woken = await sql.fetch_all(connection, _SQL["send_again"], {"ids": [row["id"] for row in rows]})
    await lane_heads.refresh(connection, {(row["bot_id"], row["lane"]) for row in woken})
    return len(woken)


def _answer(roles: Sequence[Row], chat_id: int, woken: int, language: Language, *, unblocked: bool) -> str:
    lines = [texts.ROLES[row["role"]].in_(language).format(name=row["name"]) for row in roles]
    if not lines:
        stranger = texts.STRANGER.in_(language).format(id=chat_id)
        lines = [bot_texts.CHAT_REOPENED.in_(language) if unblocked else stranger]
    if woken:
        lines.append(texts.WAITING.in_(language).format(count=woken))
    return "\n\n".join(dict.fromkeys(lines))


async def _alert(
    connection: Connection, bot: Bot, chat_id: int, name: str, outbox_ids: Sequence[int], update_id: int | None
) -> list[Message]:
    """Tell those who look after the bot what is out of date, and how to send it all the same."""
    route = await sql.fetch_optional(connection, _SQL["alert_route"], {"bot_id": bot.id, "chat_id": chat_id})
    if route is None:
        return []
    text = texts.TOO_OLD.in_(await bots.language(connection, bot.id) or "ru").format(
        name=escape(f"{name} (id {chat_id})".strip()), bot=bot.name, count=len(outbox_ids),
        ids=" ".join(str(number) for number in outbox_ids[:MAX_IDS]),
    )  # fmt: skip
    payload = {"text": text, "parse_mode": "HTML"}
    key = f"platform/started/{bot.id}/{chat_id}/{update_id}"
    return [Message(bot.id, ALERT, key, payload, logs.correlation_id.get(), route["alert_chat_id"])]
