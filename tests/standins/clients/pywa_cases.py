"""The stand-in for the WhatsApp Cloud API, called by pywa."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue
from typing import Any

import httpx
from cases import URL, expect, file, run, steer
from pywa import WhatsApp, handlers
from pywa.errors import WhatsAppError
from pywa.types import Button, Contact, Section, SectionList, SectionRow, URLButton
from pywa.types.templates import BodyText, TemplateLanguage

PHONE, PERSON, TOKEN, SECRET = "110000000000001", "77010000001", "EAAsandbox", "app-secret"
HOOKS: Queue[tuple[bytes, str]] = Queue()


class ToSandbox(httpx.HTTPTransport):
    """Takes what is meant for Meta to the sandbox."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "graph.facebook.com":
            request.url = httpx.URL(f"{URL}/whatsapp_cloud{request.url.raw_path.decode()}")
            request.headers["Host"] = request.url.netloc.decode()
        return super().handle_request(request)


class Hook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        HOOKS.put((body, self.headers.get("X-Hub-Signature-256", "")))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


def refused(function: Any, *given: Any, **more: Any) -> Any:
    try:
        function(*given, **more)
    except WhatsAppError as error:
        return error
    raise AssertionError("no refusal")


def chosen(kind: str, **reply: str) -> dict[str, Any]:
    context = {"from": "77010000009", "id": "wamid.of-the-question"}
    return {"type": "interactive", "context": context, "interactive": {"type": kind, kind: reply}}


class Cases:
    def __init__(self) -> None:
        server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/"
        steer("whatsapp/webhooks", gateway="whatsapp_cloud", account=PHONE, url=url, app_secret=SECRET)
        self._wa: Any = WhatsApp(
            phone_id=PHONE,
            token=TOKEN,
            server=None,
            verify_token="verify",
            app_secret=SECRET,
            session=httpx.Client(transport=ToSandbox(trust_env=False)),
            filter_updates=False,
        )
        self._seen: list[Any] = []
        for kind in (
            handlers.MessageHandler, handlers.MessageStatusHandler, handlers.CallbackButtonHandler,
            handlers.CallbackSelectionHandler,
        ):  # fmt: skip
            self._wa.add_handlers(kind(lambda _wa, update: self._seen.append(update)))

    async def _news(self, count: int = 1) -> list[Any]:
        """The next updates, as pywa reads them: with their signatures checked."""
        for _ in range(count):
            try:
                body, signature = await asyncio.to_thread(HOOKS.get, timeout=5)
            except Empty:
                raise AssertionError(f"no webhook, only {self._seen}") from None
            expect(not self._wa.webhook_update_validator(body, signature), "signature")
            answer = await asyncio.to_thread(self._wa.webhook_update_handler, body)
            expect(answer[1] == 200, answer)
        seen, self._seen = self._seen, []
        return seen

    async def _said(self, **about: Any) -> Any:
        given = {"gateway": "whatsapp_cloud", "account": PHONE, "from": PERSON, "name": "Anna"} | about
        await asyncio.to_thread(lambda: steer("whatsapp/say", **given))
        return (await self._news())[0]

    async def text_and_statuses(self) -> None:
        sent = self._wa.send_message(PERSON, "hello", preview_url=True)
        expect(sent.id.startswith("wamid."))
        statuses = await self._news(2)
        expect([status.status.value for status in statuses] == ["sent", "delivered"], statuses)
        expect(statuses[0].id == sent.id and statuses[0].from_user.wa_id == PERSON)

    async def _sent(self, function: Any, *given: Any, **more: Any) -> None:
        expect(function(PERSON, *given, **more).id.startswith("wamid."))
        await self._news(2)

    async def reply(self) -> None:
        await self._sent(self._wa.send_message, "hello", reply_to_message_id="wamid.1")

    async def buttons(self) -> None:
        buttons = [Button(title="Yes", callback_data="yes"), Button(title="No", callback_data="no")]
        await self._sent(self._wa.send_message, "well?", header="H", footer="F", buttons=buttons)

    async def url_button(self) -> None:
        await self._sent(self._wa.send_message, "look", buttons=URLButton(title="Open", url="https://example.com"))

    async def list(self) -> None:
        rows = [SectionRow(title="Ten", callback_data="10"), SectionRow(title="Noon", callback_data="12")]
        choice = SectionList("Choose", [Section("Today", rows)])
        await self._sent(self._wa.send_message, "when?", buttons=choice)

    async def four_buttons(self) -> None:
        buttons = [Button(title=f"B{n}", callback_data=f"{n}") for n in range(4)]
        expect(refused(self._wa.send_message, PERSON, "well?", buttons=buttons).code == 131009)

    async def press(self) -> None:
        message = await self._said(more=chosen("button_reply", id="yes", title="Yes"))
        expect((message.data, message.title) == ("yes", "Yes"), message)

    async def choice(self) -> None:
        message = await self._said(more=chosen("list_reply", id="10", title="Ten"))
        expect((message.data, message.title) == ("10", "Ten"), message)

    async def image_by_address(self) -> None:
        await self._sent(self._wa.send_image, "https://example.com/a.jpg", caption="a")

    async def uploaded_image(self) -> None:
        media = self._wa.upload_media(file("telegram.jpg"), "image/jpeg", "a.jpg")
        await self._sent(self._wa.send_image, media.id, caption="a")

    async def image_of_bytes(self) -> None:
        await self._sent(self._wa.send_image, file("telegram.jpg"), mime_type="image/jpeg")

    async def document(self) -> None:
        await self._sent(self._wa.send_document, file("telegram.png"), filename="a.png", mime_type="image/png")

    async def audio_and_video(self) -> None:
        await self._sent(self._wa.send_audio, "https://example.com/a.ogg")
        await self._sent(self._wa.send_video, "https://example.com/a.mp4")

    async def sticker(self) -> None:
        await self._sent(self._wa.send_sticker, "https://example.com/a.webp")

    async def unknown_media(self) -> None:
        refused(self._wa.send_image, PERSON, "4199999999")

    async def media_address_and_download(self) -> None:
        media = self._wa.upload_media(file("telegram.png"), "image/png", "a.png")
        found = self._wa.get_media_url(media.id)
        expect(found.file_size == len(file("telegram.png")) and found.mime_type == "image/png")
        expect(found.sha256 == hashlib.sha256(file("telegram.png")).hexdigest())
        expect(self._wa.get_media_bytes(found.url) == file("telegram.png"))

    async def delete_media(self) -> None:
        media = self._wa.upload_media(file("telegram.png"), "image/png", "a.png")
        expect(self._wa.delete_media(media.id))
        refused(self._wa.get_media_url, media.id)

    async def location(self) -> None:
        await self._sent(self._wa.send_location, 43.2, 76.9, name="Almaty", address="A")

    async def request_location(self) -> None:
        await self._sent(self._wa.request_location, "where?")

    async def contact(self) -> None:
        person = Contact(name=Contact.Name(formatted_name="Anna", first_name="Anna"), phones=[Contact.Phone(phone="1")])
        await self._sent(self._wa.send_contact, person)

    async def reaction(self) -> None:
        message = await self._said(text="hi")
        await self._sent(self._wa.send_reaction, "👍", message.id)

    async def template(self) -> None:
        words = [BodyText.params("Anna")]
        await self._sent(self._wa.send_template, "reminder", TemplateLanguage.RUSSIAN, words)

    async def read(self) -> None:
        message = await self._said(text="hi")
        expect(self._wa.mark_message_as_read(message.id).success)

    async def typing(self) -> None:
        message = await self._said(text="hi")
        expect(self._wa.indicate_typing(message.id).success)

    async def read_of_nothing(self) -> None:
        refused(self._wa.mark_message_as_read, "wamid.nothing")

    async def incoming_text(self) -> None:
        message = await self._said(text="Привет")
        expect((message.text, message.from_user.name) == ("Привет", "Anna"))

    async def incoming_image(self) -> None:
        message = await self._said(media={"kind": "image", "base64": "aGVsbG8=", "mime": "image/jpeg", "caption": "a"})
        expect(message.caption == "a" and message.image.get_bytes() == b"hello")

    async def incoming_voice(self) -> None:
        message = await self._said(media={"kind": "voice", "base64": "aGVsbG8=", "mime": "audio/ogg"})
        expect(message.audio.voice)

    async def incoming_location(self) -> None:
        message = await self._said(more={"type": "location", "location": {"latitude": 43.2, "longitude": 76.9}})
        expect(message.location.latitude == 43.2)

    async def incoming_reaction(self) -> None:
        sent = self._wa.send_message(PERSON, "hello")
        await self._news(2)
        message = await self._said(more={"type": "reaction", "reaction": {"message_id": sent.id, "emoji": "👍"}})
        expect(message.reaction.emoji == "👍")

    async def text_too_long(self) -> None:
        expect(refused(self._wa.send_message, PERSON, "a" * 4097).code == 100)

    async def no_number(self) -> None:
        expect(refused(self._wa.send_message, "not a number", "a").code == 100)

    async def rate(self) -> None:
        steer("whatsapp/faults", does="limit", gateway="whatsapp_cloud")
        expect(refused(self._wa.send_message, PERSON, "a").code == 130429)

    async def window(self) -> None:
        steer("whatsapp/faults", does="fail", gateway="whatsapp_cloud", code=131047)
        expect(refused(self._wa.send_message, PERSON, "a").code == 131047)

    async def failed_later(self) -> None:
        steer("whatsapp/faults", does="fail_later", gateway="whatsapp_cloud")
        self._wa.send_message(PERSON, "a")
        statuses = await self._news(2)
        expect(statuses[-1].error.code == 131026, statuses)

    async def phone_and_profile(self) -> None:
        expect(self._wa.get_business_phone_number().verified_name)
        expect(self._wa.get_business_profile())

    async def wrong_token(self) -> None:
        session = httpx.Client(transport=ToSandbox(trust_env=False))
        stranger: Any = WhatsApp(phone_id=PHONE, token="EAAother", session=session)
        expect(refused(stranger.send_message, PERSON, "a").code == 190)

    async def unknown_path(self) -> None:
        refused(self._wa.get_flows, waba_id="1")


run(Cases())
