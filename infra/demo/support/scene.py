"""What the desk's story may ask of the world: people write in WhatsApp, managers press and write in Telegram."""

import re
from typing import Any

from infra.demo.support.example import ALIYA, GROUP, INSTANCE, Manager, Person
from infra.demo.world import World, expect
from infra.local.keys import DESK_BOT
from infra.sandbox.telegram.files import SentFile, arrive
from infra.sandbox.telegram.state import Chat, Topic
from infra.sandbox.telegram.updates import Actor, person
from infra.sandbox.whatsapp.models import File, Written

Json = dict[str, Any]


class Scene:
    """The salon's WhatsApp and its managers' group."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._whatsapp = world.sandbox.whatsapp

    async def writes(self, who: Person, text: str, **how: Any) -> None:
        """`who` writes to the salon; with `from_me` the salon's owner writes to them, on the phone."""
        written = Written(gateway="evolution", account=INSTANCE, person=who.phone, name=who.name, text=text, **how)
        told = await self._whatsapp.say(written)
        expect(told.get("status") == 200, f"the webhook was answered {told.get('status')}")

    async def sends_photo(self, who: Person, number: int) -> None:
        """`who` sends a photo of an album."""
        photo = File(kind="image", url=f"https://files.example.com/{number}.jpg", mime="image/jpeg")
        await self.writes(who, "", media=photo)

    def heard(self, who: Person, words: str = "") -> list[str]:
        """What `who` was sent through the gateway and holds `words`, in order."""
        conversation = [
            one for one in self._whatsapp.conversation.values() if one["person"] == who.phone and one["by_api"]
        ]
        return [one["text"] for one in conversation if words in one["text"]]

    async def hears(self, who: Person, words: str) -> str:
        """Wait until `who` has read `words`, once; the whole message. Raises Missed."""
        await self.world.until(lambda: bool(self.heard(who, words)), f"{who.name} was not told «{words}»")
        await self.world.settled()
        found = self.heard(who, words)
        expect(len(found) == 1, f"{who.name} was told so {len(found)} times")
        return found[0]

    async def sees(self, who: Person, words: str) -> Json:
        """Wait until a message with `words` stands in the topic of `who`; the message. Raises Missed."""
        await self.world.until(lambda: bool(self.shown(who, words)), f"«{words}» is not in the topic of {who.name}")
        await self.world.settled()
        return self.shown(who, words)[-1]

    def shown(self, who: Person, words: str) -> list[Json]:
        """The messages in the topic of `who` that hold `words`."""
        return [one for one in self._in_topic(who) if words in str(one.get("text", one.get("caption", "")))]

    def photos(self, who: Person) -> int:
        """How many photos stand in the topic of `who`."""
        return sum("photo" in one for one in self._in_topic(who))

    async def presses(self, manager: Manager, card: Json, words: str) -> str:
        """`manager` presses the button with `words`; the toast."""
        buttons = [one for row in card["reply_markup"]["inline_keyboard"] for one in row]
        [data] = [one["callback_data"] for one in buttons if words in one["text"]]
        pressed = await self._meets(manager).press(card["message_id"], data)
        expect(pressed.get("status") == 200, f"the press was answered {pressed.get('status')}")
        asked = self.world.telegram.callback(DESK_BOT, pressed["callback_query_id"])
        return str((asked.answer or {}).get("text", "")) if asked else ""

    async def answers(self, manager: Manager, who: Person, text: str) -> None:
        """`manager` writes in the topic of `who`."""
        [topic] = self._topics(who)
        await self._meets(manager).say(text, topic)

    async def sends_file(self, manager: Manager, who: Person, name: str, text: str) -> None:
        """`manager` puts a file into the topic of `who`."""
        [topic] = self._topics(who)
        sent = SentFile(kind="document", name=name, mime="text/plain", text=text)
        more = arrive(self.world.telegram, DESK_BOT, sent)
        await self._meets(manager).say("", topic, more)

    async def fetches(self, who: Person) -> tuple[str, str]:
        """The newest file that `who` was sent, as their phone fetches it: its name and its words."""
        files = [row for row in self._whatsapp.journal if row["url"] and who.phone in row["to"]]
        expect(bool(files), f"{who.name} was sent no file")
        answer = await self.world.get(files[-1]["url"])
        expect(answer.status_code == 200, f"the file was answered {answer.status_code}")
        return files[-1]["file_name"], answer.text

    async def asks_for_numbers(self, manager: Manager = ALIYA) -> None:
        """`manager` writes /stats in the group."""
        await self._meets(manager).say("/stats", None)

    def cards(self) -> list[Json]:
        """All cards, as they are now."""
        return [one for one in self._group.messages.values() if "Заявка №" in one.get("text", "")]

    def summaries(self) -> list[Json]:
        """What /stats was answered."""
        return [one for one in self._group.messages.values() if "📊" in one.get("text", "")]

    async def state(self, who: Person) -> Json:
        """The newest handover of `who`, and whether the bot speaks."""
        [row] = await self.world.rows("handover", phone=who.phone)
        return row

    def _in_topic(self, who: Person) -> list[Json]:
        topics = [topic.id for topic in self._topics(who)]
        return [one for one in self._group.messages.values() if one.get("message_thread_id") in topics]

    def _topics(self, who: Person) -> list[Topic]:
        return [topic for topic in self._group.topics.values() if topic.name.startswith(who.name)]

    @property
    def _group(self) -> Chat:
        chat = self.world.telegram.chat(DESK_BOT, GROUP)
        assert chat
        return chat

    def _meets(self, manager: Manager) -> Actor:
        bot = self.world.telegram.bot_of(DESK_BOT)
        return Actor(self.world.telegram, bot, self._group, person(manager.telegram_id, manager.name))


def line(message: Json) -> str:
    """The last line of a message, without its markup."""
    return re.sub("<[^>]+>", "", str(message["text"]).rsplit("\n", maxsplit=1)[-1])
