"""What the school's people do in their chats with the bot, and what they see there."""

import re
import time
from typing import Any

from infra.demo.courses.example import Person
from infra.demo.world import World, expect
from infra.local.keys import COURSES_BOT
from infra.sandbox.telegram.models import Chat
from infra.sandbox.telegram.updates import Actor, person

Json = dict[str, Any]

BACK = "‹ Назад"


class Scene:
    """The chats of the school's bot."""

    def __init__(self, world: World) -> None:
        self.world = world

    def chat(self, of: Person) -> Chat:
        """Somebody's private chat with the bot."""
        found = self.world.telegram.chat(COURSES_BOT, of.chat)
        assert found
        return found

    async def write(self, by: Person, text: str) -> str:
        """Write to the bot; what it shows then."""
        self.world.sent_at = time.time()
        await self._actor(by).say(text, None)
        await self.world.settled()
        return self.shown(by)

    async def press(self, by: Person, *labels: str) -> str:
        """Press one button after the other, each by a part of its text; what is shown then. Raises StepFailed."""
        for label in labels:
            await self.press_at_once(by, label)
            await self.world.settled()
        return self.shown(by)

    async def home(self, by: Person) -> None:
        """Go back to the menu."""
        while self._find(by, BACK):
            await self.press(by, BACK)

    async def press_at_once(self, by: Person, label: str) -> None:
        """Press the newest button with `label` in its text, and wait for nothing. Raises StepFailed."""
        self.world.sent_at = time.time()
        found = self._find(by, label)
        expect(bool(found), f"{by.name} has no button «{label}»")
        answered = await self._actor(by).press(*found[0])
        await self.world.taken(COURSES_BOT, answered, f"a press of «{label}»")

    def shown(self, to: Person) -> str:
        """The bot's newest words in somebody's chat, without markup."""
        messages = [message for message in self.chat(to).messages.values() if message["from"]["is_bot"]]
        return plain(messages[-1].get("text", "")) if messages else ""

    def got(self, to: Person, part: str) -> list[Json]:
        """The messages in somebody's chat that contain `part`."""
        return [message for message in self.chat(to).messages.values() if part in message.get("text", "")]

    def _find(self, by: Person, label: str) -> list[tuple[int, str]]:
        """Message and data of the buttons with `label` in their text, the newest message's first."""
        return [
            (number, button["callback_data"])
            for number, message in sorted(self.chat(by).messages.items(), reverse=True)
            for row in message.get("reply_markup", {}).get("inline_keyboard", [])
            for button in row
            if label in button["text"] and "callback_data" in button
        ]

    def _actor(self, of: Person) -> Actor:
        telegram = self.world.telegram
        return Actor(telegram, telegram.bot_of(COURSES_BOT), self.chat(of), person(of.chat, of.name))


def plain(text: str) -> str:
    """`text` without its markup."""
    return re.sub("<[^>]+>", "", text)
