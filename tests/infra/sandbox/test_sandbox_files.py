"""Files in the stand-ins: a real client library downloads them, and addresses are fetched if that is asked for."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from PIL import Image
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot, Update
from telegram.error import BadRequest

from infra.local.web_server import listen, serving
from tests.infra.sandbox.conftest import BOT, TOKEN, unhurried
from tests.infra.sandbox.receiving import receiving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from tests.infra.sandbox.conftest import Client

GROUP, PERSON = -1004100000011, 4100000011
CONTENT = bytes(range(256)) * 3
ENCODED = base64.b64encode(CONTENT).decode()
AUTHORIZATION = {"Authorization": "Bearer a-token"}


@pytest.fixture
async def bot(client: Client) -> AsyncIterator[Bot]:
    url = client.server.url
    async with Bot(client.token, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot", **unhurried()) as started:
        yield started


def picture() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (30, 20)).save(content, "PNG")
    return content.getvalue()


async def said(client: Client, bot: Bot, caption: str = "", **file: object) -> Update:
    """The update of a person's file in the group."""
    await client.control("say", bot=BOT, chat_id=GROUP, from_id=PERSON, text=caption, file=file)
    return (await bot.get_updates())[-1]


async def test_a_photo_comes_in_sizes_and_its_largest_is_the_file(client: Client, bot: Bot) -> None:
    update = await said(client, bot, "Вот", kind="photo", base64=ENCODED)

    assert update.message
    assert (update.message.caption, update.message.text) == ("Вот", None)
    small, large = update.message.photo
    assert small.width < large.width
    assert (large.file_size, bytes(await (await large.get_file()).download_as_bytearray())) == (len(CONTENT), CONTENT)


async def test_a_document_has_its_name_and_type(client: Client, bot: Bot) -> None:
    update = await said(client, bot, kind="document", name="Прайс.pdf", text="слова")

    assert update.message
    document = update.message.document
    assert document
    assert (document.file_name, document.mime_type) == ("Прайс.pdf", "application/pdf")
    file = await document.get_file()
    assert (await file.download_as_bytearray()).decode() == "слова"
    assert str(file.file_path).endswith(".pdf")


@pytest.mark.parametrize(("kind", "mime"), [("voice", "audio/ogg"), ("video", "video/mp4"), ("audio", "audio/mpeg")])
async def test_sounds_and_videos_have_a_length(client: Client, bot: Bot, kind: str, mime: str) -> None:
    name = {"video": "a.mp4", "audio": "a.mp3"}.get(kind, "")
    update = await said(client, bot, kind=kind, name=name, base64=ENCODED)

    found: Any = getattr(update.message, kind)
    assert (found.mime_type, found.file_size) == (mime, len(CONTENT))
    assert found.to_dict()["duration"]


async def test_another_bot_s_file_id_is_invalid(client: Client, bot: Bot) -> None:
    update = await said(client, bot, kind="document", name="a.pdf", text="x")
    assert update.message
    assert update.message.document
    file_id = update.message.document.file_id
    other = f"{BOT + 1}:{TOKEN.partition(':')[2]}"

    client.token = other
    assert await client.refusal("getFile", file_id=file_id) == "Bad Request: invalid file_id"
    path = (await bot.get_file(file_id)).file_path
    assert (await client.http.get(str(path))).status_code == 200
    assert (await client.http.get(str(path).replace(TOKEN, other))).status_code == 404


async def test_what_is_too_large_for_bots_has_no_path(client: Client, bot: Bot) -> None:
    update = await said(client, bot, kind="document", name="a.zip", base64=base64.b64encode(b"x" * 20_971_521).decode())

    assert update.message
    assert update.message.document
    with pytest.raises(BadRequest, match=r"(?i)file is too big"):
        await update.message.document.get_file()


@pytest.fixture
async def site() -> AsyncIterator[str]:
    """A server that answers `/<type>/<subtype>` with a file of it."""

    async def answer(request: Request) -> Response:
        content = picture() if request.path_params["mime"].startswith("image/") else CONTENT
        return Response(content, headers={"content-type": request.path_params["mime"]})

    app = Starlette(routes=[Route("/{mime:path}", answer)])
    async with serving(uvicorn.Config(app, log_config=None), listen(0)) as url:
        yield url


@pytest.mark.parametrize(
    ("kind", "mime"),
    [
        ("photo", "image/jpeg"),
        ("document", "application/pdf"),
        ("video", "video/mp4"),
        ("audio", "audio/mpeg"),
        ("voice", "audio/ogg"),
    ],
)
async def test_a_file_is_fetched_from_its_address(client: Client, site: str, kind: str, mime: str) -> None:
    await client.control("settings", fetches_files=True)
    url = f"{site}/{mime}"

    assert (await client.call(f"send{kind}", chat_id=GROUP, **{kind: url}))["ok"]
    expected = picture() if kind == "photo" else CONTENT
    assert client.server.telegram.fetched[url].content == expected


@pytest.mark.parametrize(
    ("kind", "mime"), [("photo", "text/html"), ("document", "application/msword"), ("voice", "audio/mpeg")]
)
async def test_a_file_of_another_type_is_refused(client: Client, site: str, kind: str, mime: str) -> None:
    await client.control("settings", fetches_files=True)

    said = await client.refusal(f"send{kind}", chat_id=GROUP, **{kind: f"{site}/{mime}"})
    assert said == "Bad Request: wrong type of the web page content"


async def test_what_cannot_be_fetched_is_refused_and_without_the_option_nobody_looks(client: Client) -> None:
    url = f"{client.server.url}/no/such/page.jpg"

    assert (await client.call("sendPhoto", chat_id=GROUP, photo=url))["ok"]
    await client.control("settings", fetches_files=True)
    assert await client.refusal("sendPhoto", chat_id=GROUP, photo=url) == "Bad Request: failed to get HTTP URL content"


async def in_whatsapp(client: Client, gateway: str) -> tuple[str, Any]:
    """The id of a message whose file needs a token, and its webhook's body."""
    media = {"kind": "document", "base64": ENCODED, "mime": "application/pdf", "file_name": "к.pdf"}
    async with receiving(client, gateway, "salon-1") as receiver:
        written = {"gateway": gateway, "account": "salon-1", "from": "77010000000", "media": media}
        answer = await client.control("whatsapp/say", **written)
    [call] = receiver.got
    return answer["id"], call.body


async def test_the_cloud_api_tells_an_id_and_gives_the_file_for_the_token(client: Client) -> None:
    _, body = await in_whatsapp(client, "whatsapp_cloud")
    [change] = body["entry"][0]["changes"]
    document = change["value"]["messages"][0]["document"]
    node = f"/whatsapp_cloud/v23.0/{document['id']}"

    assert "url" not in document
    media = (await client.http.get(node, headers=AUTHORIZATION)).json()
    assert media["mime_type"] == "application/pdf"
    file = await client.http.get(media["url"], headers=AUTHORIZATION)
    assert (file.content, file.headers["content-type"]) == (CONTENT, "application/pdf")
    assert [(await client.http.get(url)).status_code for url in (node, media["url"])] == [401, 401]
    other = await client.http.get(node, params={"phone_number_id": "salon-2"}, headers=AUTHORIZATION)
    assert other.status_code == 400


async def test_evolution_tells_an_encrypted_address_and_decrypts_by_the_message(client: Client) -> None:
    message_id, body = await in_whatsapp(client, "evolution")
    asked = {"message": {"key": {"id": message_id}}, "convertToMp4": False}
    path = "/evolution/chat/getBase64FromMediaMessage/salon-1"

    message = body["data"]["message"]
    assert "mediaUrl" not in message
    assert message["documentMessage"]["url"].endswith(".enc")
    answer = await client.http.post(path, json=asked, headers={"apikey": "a-token"})
    assert (answer.status_code, answer.json()["base64"]) == (201, ENCODED)
    assert (answer.json()["mimetype"], answer.json()["fileName"]) == ("application/pdf", "к.pdf")
    assert (await client.http.post(path, json=asked, headers={"apikey": "another"})).status_code == 401
    asked["message"] = {"key": {"id": "unknown"}}
    missing = await client.http.post(path, json=asked, headers={"apikey": "a-token"})
    assert (missing.status_code, missing.json()["response"]["message"]) == (400, ["Message not found"])


@pytest.mark.parametrize("gateway", ["chatflow", "evolution"])
async def test_a_file_has_an_address_or_bytes(client: Client, gateway: str) -> None:
    media = {"kind": "image"} | ({"base64": ENCODED} if gateway == "chatflow" else {})
    written = {"gateway": gateway, "account": "salon-1", "from": "77010000000", "media": media}

    assert (await client.http.post("/_sandbox/whatsapp/say", json=written)).status_code == 422
