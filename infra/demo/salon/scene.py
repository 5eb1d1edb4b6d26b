"""What the salon's story does: its owner reads a chat and presses a button, YClients calls, viewers read."""

import json
import re
from typing import Any

from infra.demo.salon.example import COMPANY, OWNER_CHAT, RECORD, SLUG, SOURCE, TENANT
from infra.demo.salon.payloads import hook
from infra.demo.world import World, expect
from infra.local.keys import SALON_BOT
from infra.sandbox.telegram.models import Chat
from infra.sandbox.telegram.updates import Actor, person
from shared.database import sql

Json = dict[str, Any]

BROWSER = {"sec-fetch-site": "same-origin"}

_SQL = sql.load(__file__)


class Scene:
    """The owner's chat, the salon's branch at YClients, and its rows."""

    def __init__(self, world: World) -> None:
        self.world = world

    def digests(self) -> list[Json]:
        """The pictures that the owner has received."""
        rows = self.world.telegram.journal.find("sendPhoto", OWNER_CHAT)
        return [row.params for row in rows if row.delivered]

    def alerts(self) -> list[Json]:
        """The messages with buttons in the owner's chat."""
        messages = self.chat.messages.values()
        return [message for message in messages if "inline_keyboard" in message.get("reply_markup", {})]

    async def press(self, message: Json) -> None:
        """The owner presses the first button of `message`."""
        telegram = self.world.telegram
        button = message["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        owner = Actor(telegram, telegram.bot_of(SALON_BOT), self.chat, person(OWNER_CHAT, "Аврора Зорина"))
        await owner.press(message["message_id"], button)

    async def ask_for_pages(self) -> str:
        """The owner writes /dashboard to the bot; the address that it answers. Raises StepFailed."""
        telegram = self.world.telegram
        owner = Actor(telegram, telegram.bot_of(SALON_BOT), self.chat, person(OWNER_CHAT, "Аврора Зорина"))
        await owner.say("/dashboard", None)
        await self.world.until(lambda: bool(self._links()), "no link to the pages came")
        return self._links()[-1]

    def _links(self) -> list[str]:
        texts = (str(message.get("text", "")) for message in self.chat.messages.values())
        return [found[0] for text in texts if (found := re.search(r"http\S+/enter/\S+", text))]

    async def open_pages(self, link: str) -> str:
        """Press the link's button in a browser, and read yesterday's page. Raises StepFailed."""
        http, path = self.world.http, link[link.index("/salon_pages") :]
        preview = await http.get(path)
        entered = await http.post(path, headers={**BROWSER, "content-type": "application/x-www-form-urlencoded"})
        expect((preview.status_code, entered.status_code) == (200, 303), f"the link answered {entered.status_code}")
        cookie = {**BROWSER, "cookie": entered.headers["set-cookie"].partition(";")[0]}
        day = (await self.yesterday())["day"]
        page = await http.get(f"/salon_pages/salons/{SLUG}/today?from={day}&to={day}", headers=cookie)
        expect(page.status_code == 200, f"the page answered {page.status_code}")
        again = await http.post(path, headers={**BROWSER, "content-type": "application/x-www-form-urlencoded"})
        expect(again.status_code == 404, "the link worked twice")
        return page.text

    async def yesterday(self) -> Json:
        """What the digest has counted of yesterday."""
        [row] = await self.world.rows(_SQL["yesterday"], tenant=TENANT)
        return row

    async def cancel_booking(self) -> None:
        """YClients deletes the booking and calls ingest_webhook. Raises StepFailed."""
        self.world.sandbox.yclients.put(COMPANY, RECORD, deleted=True)
        body = hook(RECORD, "delete")
        response = await self.world.post(f"/ingest_webhook/yclients/{SOURCE}", json=body)
        expect(response.status_code == 200, f"the hook was answered {response.status_code}")

    async def booking(self) -> Json:
        """The booking as we know it."""
        [row] = await self.world.rows(_SQL["booking"], record=str(RECORD))
        return row

    async def have_bad_day(self) -> None:
        """Twelve dialogs today, and none of them becomes a booking."""
        await self.world.rows(_SQL["bad_day"], tenant=TENANT)

    async def alert_audit(self) -> Json:
        """The one audit of an alert. Raises ValueError when there is another number of them."""
        [row] = await self.world.rows(_SQL["audit"], tenant=TENANT)
        return row

    async def visible_to_admin_of(self, tenant: str) -> Json:
        """How many rows of the salon the admin of `tenant` can read, by kind."""
        claims = json.dumps({"app_metadata": {"app_role": "admin", "tenant_id": tenant}})
        [row] = await self.world.rows_as(_SQL["become_viewer"], claims, _SQL["visible"], tenant=TENANT)
        return row

    @property
    def chat(self) -> Chat:
        """The owner's chat with the salon's bot."""
        chat = self.world.telegram.chat(SALON_BOT, OWNER_CHAT)
        assert chat
        return chat


def plain(text: str) -> str:
    """`text` without its markup."""
    return re.sub("<[^>]+>", "", text)
