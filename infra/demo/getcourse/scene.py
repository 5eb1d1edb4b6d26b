"""What getcourse's story does: GetCourse calls, mentors read, one blocks the bot, an operator repairs."""

import asyncio
import html
import re
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from infra.admin import replay
from infra.demo.getcourse.example import Mentor
from infra.demo.world import World, expect
from infra.local.keys import GETCOURSE_BOT
from infra.sandbox.telegram.journal import Row
from infra.sandbox.telegram.updates import Actor, person
from shared import config
from shared.i18n.texts import Text


class Scene:
    """The school's webhooks and its people's chats."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def webhook(self, source: str, *, secret: str | None = None, **options: Any) -> httpx.Response:
        """POST to a source; `options` are httpx's."""
        return await self.world.post(f"/ingest_webhook/getcourse/{source}", secret=secret, **options)

    async def change_member(self, mentor: Mentor, status: str) -> None:
        """`mentor` blocks the bot ("kicked") or lets it in again ("member"): Telegram calls telegram_webhook."""
        telegram = self.world.telegram
        chat = telegram.chat(GETCOURSE_BOT, mentor.chat)
        assert chat
        self.world.sent_at = time.time()
        actor = Actor(telegram, telegram.bot_of(GETCOURSE_BOT), chat, person(mentor.chat, mentor.name))
        await actor.change_member(status)

    async def replay(self) -> None:
        """Process the last hour's events again, as `carillon replay` does."""
        self.world.sent_at = time.time()
        await asyncio.to_thread(self._replay)

    def delivered(self, chat: int, *parts: str) -> list[Row]:
        """The messages that this chat has received and that contain all `parts`."""
        rows = self.world.telegram.journal.find("sendMessage", chat)
        return [row for row in rows if row.delivered and all(part in row.params.get("text", "") for part in parts)]

    async def message(self, mentor: Mentor, *parts: str) -> Text:
        """Wait until `mentor` has one message that contains `parts`; how it came. Raises StepFailed."""
        row = await self.arrival(mentor.name, mentor.chat, *parts)
        seconds, line = row.unix - self.world.sent_at, first_line(row)
        return Text(
            en=f"{mentor.name}, {_duration(seconds, 'ms', 's')} later: {line}",
            ru=f"{mentor.name}, через {_duration(seconds, 'мс', 'с')}: {line}",
        )

    async def arrival(self, name: str, chat: int, *parts: str) -> Row:
        """Wait until `chat`, of whoever is called `name`, has exactly one message with `parts`. Raises StepFailed."""
        await self.world.until(lambda: bool(self.delivered(chat, *parts)), f"nothing came to {name}")
        await self.world.settled()
        rows = self.delivered(chat, *parts)
        expect(len(rows) == 1, f"{name} got it {len(rows)} times")
        return rows[0]

    def _replay(self) -> None:
        environ = {"DATABASE_URL": self.world.database_url, "SECRETS_KEY": self.world.keys.secrets_key}
        replay.replay(config.load(environ, replay.SETTINGS), datetime.now(UTC) - timedelta(hours=1))


def first_line(row: Row) -> str:
    """The first line of a message, without its markup."""
    line = html.unescape(re.sub("<[^>]+>", "", row.params["text"].split("\n", maxsplit=1)[0]))
    return f"«{line.lstrip('📝⚠️⏰ ')}»"


def _duration(seconds: float, milliseconds: str, whole: str) -> str:
    return f"{seconds * 1000:.0f} {milliseconds}" if seconds < 1 else f"{seconds:.1f} {whole}"
