"""What support's story does: customers write in WhatsApp, managers press and write in Telegram."""

import asyncio
import re
from typing import Any

from infra.admin.database import connect
from infra.admin.support import desks, settings
from infra.demo.support.example import ALIYA, GROUP, INSTANCE, NAME, Customer, Manager
from infra.demo.world import World, expect
from infra.local.keys import SUPPORT_BOT
from infra.sandbox.telegram.files.received import SentFile, store
from infra.sandbox.telegram.models import Chat, Topic
from infra.sandbox.telegram.updates import Actor, person
from infra.sandbox.whatsapp.models import Call, ChatMessage, Edit, File
from shared.database import sql

Json = dict[str, Any]

_SQL = sql.load(__file__)


class Scene:
    """The desk's WhatsApp and its managers' group."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._whatsapp = world.sandbox.whatsapp

    async def writes(self, who: Customer, text: str, **fields: Any) -> None:
        """`who` writes to the desk; with `from_me` the desk's owner writes to them, on the phone. Raises StepFailed."""
        message = ChatMessage(
            gateway="evolution", account=INSTANCE, person=who.phone, name=who.name, text=text, **fields
        )
        response = await self._whatsapp.say(message)
        expect(response.get("status") == 200, f"the webhook was answered {response.get('status')}")

    async def corrects(self, who: Customer, text: str, new_text: str) -> None:
        """`who` edits their message with `text`. Raises StepFailed."""
        messages = self._whatsapp.conversation.values()
        [message_id] = [row["id"] for row in messages if row["person"] == who.phone and row["text"] == text]
        response = await self._whatsapp.edit(Edit(gateway="evolution", account=INSTANCE, id=message_id, text=new_text))
        expect(response.get("status") == 200, f"the webhook was answered {response.get('status')}")

    async def calls(self, who: Customer) -> None:
        """`who` calls the desk, and nobody answers. Raises StepFailed."""
        response = await self._whatsapp.call(Call.model_validate({"account": INSTANCE, "from": who.phone}))
        expect(response.get("status") == 200, f"the webhook was answered {response.get('status')}")

    async def sends_photo(self, who: Customer, number: int) -> None:
        """`who` sends a photo of an album."""
        photo = File(kind="image", url=f"https://files.example.com/{number}.jpg", mime="image/jpeg")
        await self.writes(who, "", media=photo)

    def received(self, who: Customer, text: str = "") -> list[str]:
        """The messages with `text` that `who` was sent through the gateway, in order."""
        messages = self._whatsapp.conversation.values()
        sent = [message["text"] for message in messages if message["person"] == who.phone and message["by_api"]]
        return [message for message in sent if text in message]

    async def reads(self, who: Customer, text: str) -> str:
        """Wait until `who` has one message with `text`; the whole message. Raises StepFailed."""
        await self.world.until(lambda: bool(self.received(who, text)), f"{who.name} did not get «{text}»")
        await self.world.settled()
        messages = self.received(who, text)
        expect(len(messages) == 1, f"{who.name} got it {len(messages)} times")
        return messages[0]

    async def topic_message(self, who: Customer, text: str) -> Json:
        """Wait until a message with `text` stands in the topic of `who`; the newest. Raises StepFailed."""
        await self.world.until(
            lambda: bool(self.topic_messages(who, text)), f"«{text}» is not in the topic of {who.name}"
        )
        await self.world.settled()
        return self.topic_messages(who, text)[-1]

    def topic_messages(self, who: Customer, text: str) -> list[Json]:
        """The messages with `text` in the topic of `who`."""
        return [
            message for message in self._in_topic(who) if text in str(message.get("text", message.get("caption", "")))
        ]

    def photos(self, who: Customer) -> int:
        """How many photos stand in the topic of `who`."""
        return sum("photo" in message for message in self._in_topic(who))

    async def presses(self, manager: Manager, card: Json, label: str) -> str:
        """`manager` presses the button with `label`; the toast. Raises StepFailed."""
        buttons = [button for row in card["reply_markup"]["inline_keyboard"] for button in row]
        [data] = [button["callback_data"] for button in buttons if label in button["text"]]
        pressed = await self._actor(manager).press(card["message_id"], data)
        await self.world.taken(SUPPORT_BOT, pressed, "the press")
        callback = self.world.telegram.callback(SUPPORT_BOT, pressed["callback_query_id"])
        return str((callback.answer or {}).get("text", "")) if callback else ""

    async def answers(self, manager: Manager, who: Customer, text: str) -> None:
        """`manager` writes in the topic of `who`."""
        [topic] = self._topics(who)
        await self._actor(manager).say(text, topic)

    async def sends_file(self, manager: Manager, who: Customer, name: str, text: str) -> None:
        """`manager` puts a file into the topic of `who`."""
        [topic] = self._topics(who)
        sent = SentFile(kind="document", name=name, mime="text/plain", text=text)
        content = store(self.world.telegram, SUPPORT_BOT, sent)
        await self._actor(manager).say("", topic, content)

    async def fetches(self, who: Customer) -> tuple[str, str]:
        """Name and content of the newest file that `who` was sent, as their phone fetches it. Raises StepFailed."""
        files = [row for row in self._whatsapp.journal if row["url"] and who.phone in row["to"]]
        expect(bool(files), f"{who.name} was sent no file")
        response = await self.world.get(files[-1]["url"])
        expect(response.status_code == 200, f"the file was answered {response.status_code}")
        return files[-1]["file_name"], response.text

    async def asks_for_numbers(self, manager: Manager = ALIYA) -> None:
        """`manager` writes /stats in the group."""
        await self._actor(manager).say("/stats", None)

    def cards(self) -> list[Json]:
        """All cards, as they are now."""
        return self._in_group("Заявка №")

    def summaries(self) -> list[Json]:
        """What /stats was answered."""
        return self._in_group("📊")

    async def state(self, who: Customer) -> Json:
        """The newest handover of `who`, and whether the bot speaks."""
        [row] = await self.world.rows(_SQL["handover"], phone=who.phone)
        return row

    async def messages(self, who: Customer) -> list[Json]:
        """The conversation of `who` as it is stored."""
        return await self.world.rows(_SQL["messages"], phone=who.phone)

    async def let_a_minute_pass(self) -> None:
        """Make all open handovers a minute older."""
        await self.world.rows(_SQL["let_a_minute_pass"])

    async def change_settings(self, **given: Any) -> None:
        """Change the desk's settings, as `carillon support settings` does."""
        await asyncio.to_thread(self._change_settings, given)

    def _change_settings(self, given: Json) -> None:
        with connect(self.world.database_url) as connection:
            settings.change(connection, desks.find(connection, NAME)["id"], given)

    def _in_group(self, text: str) -> list[Json]:
        return [message for message in self._group.messages.values() if text in message.get("text", "")]

    def _in_topic(self, who: Customer) -> list[Json]:
        topics = [topic.id for topic in self._topics(who)]
        return [message for message in self._group.messages.values() if message.get("message_thread_id") in topics]

    def _topics(self, who: Customer) -> list[Topic]:
        topics = self._group.topics.values()
        return [topic for topic in topics if topic.name.startswith(who.name) or who.phone in topic.name]

    @property
    def _group(self) -> Chat:
        chat = self.world.telegram.chat(SUPPORT_BOT, GROUP)
        assert chat
        return chat

    def _actor(self, manager: Manager) -> Actor:
        bot = self.world.telegram.bot_of(SUPPORT_BOT)
        return Actor(self.world.telegram, bot, self._group, person(manager.telegram_id, manager.name))


def line(message: Json) -> str:
    """The last line of a message, without its markup."""
    return re.sub("<[^>]+>", "", str(message["text"]).rsplit("\n", maxsplit=1)[-1])
