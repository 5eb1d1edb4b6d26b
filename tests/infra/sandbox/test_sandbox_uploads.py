"""Pictures that a bot uploads: a real client library sends them, the stand-in keeps them, the page shows them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import httpx
import pytest
from PIL import Image
from telegram import Bot
from telegram.error import BadRequest

from tests.infra.sandbox.conftest import BOT, unhurried

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.infra.sandbox.conftest import Client

CHAT = 4100000021


def png(width: int = 30, height: int = 20) -> bytes:
    file = io.BytesIO()
    Image.new("L", (width, height)).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
async def bot(client: Client) -> AsyncIterator[Bot]:
    url = client.server.url
    async with Bot(client.token, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot", **unhurried()) as started:
        yield started


async def test_an_uploaded_photo_can_be_downloaded_and_sent_again(client: Client, bot: Bot) -> None:
    content = png()

    sent = await bot.send_photo(CHAT, content, caption="<b>Вот</b>", parse_mode="HTML")

    assert (sent.caption, sent.caption_html) == ("Вот", "<b>Вот</b>")
    [photo] = sent.photo
    assert (photo.width, photo.height, photo.file_size) == (30, 20, len(content))
    assert bytes(await (await photo.get_file()).download_as_bytearray()) == content
    assert (await bot.send_photo(CHAT, photo.file_id)).photo[0].file_id == photo.file_id
    [upload, again] = client.server.telegram.journal.find("sendPhoto")
    assert upload.params["photo"].content == content
    assert again.params["photo"] == photo.file_id
    [shown, _] = await client.journal(method="sendPhoto")
    assert str(len(content)) in shown["params"]["photo"]


async def test_the_page_shows_the_picture(client: Client, bot: Bot) -> None:
    content = png()
    [photo] = (await bot.send_photo(CHAT, content)).photo
    await bot.send_photo(CHAT, "AgACAgIAAxkBfromElsewhere")

    view = (await client.http.get("/_sandbox/view", params={"chat": f"{BOT}:{CHAT}"})).json()
    picture = await client.http.get(f"/_sandbox/pictures/{BOT}/{photo.file_id}")

    assert view["pictures"] == {photo.file_id: BOT}
    assert (picture.content, picture.headers["content-type"]) == (content, "image/png")
    assert "sandbox" in picture.headers["content-security-policy"]
    assert (await client.http.get(f"/_sandbox/pictures/{BOT + 1}/{photo.file_id}")).status_code == 404
    await client.control("reset")
    assert (await client.http.get(f"/_sandbox/pictures/{BOT}/{photo.file_id}")).status_code == 404


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"no picture at all", "Image_process_failed"),
        (b"\x89PNG\r\n\x1a\n", "Image_process_failed"),
        (png(2100, 100), "Photo_invalid_dimensions"),
        (png(9000, 1001), "Photo_invalid_dimensions"),
    ],
)
async def test_what_is_no_photo_is_refused(content: bytes, reason: str, bot: Bot) -> None:
    with pytest.raises(BadRequest, match=reason):
        await bot.send_photo(CHAT, content)


async def test_a_photo_of_more_than_ten_megabytes_is_refused(client: Client) -> None:
    files = {"photo": ("large.png", png() + bytes(10 * 1024 * 1024), "image/png")}

    answer = await client.http.post(f"/bot{client.token}/sendPhoto", data={"chat_id": str(CHAT)}, files=files)

    assert (answer.status_code, answer.json()["error_code"]) == (413, 413)


@pytest.mark.parametrize("kind", ["document", "audio", "video", "voice"])
async def test_a_file_of_each_kind_keeps_its_size_and_its_id(kind: str, bot: Bot) -> None:
    sent = await getattr(bot, f"send_{kind}")(CHAT, b"words", filename=f"a.{kind}")
    again = await getattr(bot, f"send_{kind}")(CHAT, getattr(sent, kind).file_id)

    first, second = getattr(sent, kind), getattr(again, kind)
    assert (first.file_id, first.file_unique_id, first.file_size) == (second.file_id, second.file_unique_id, 5)
    assert await (await bot.get_file(first.file_id)).download_as_bytearray() == b"words"


async def test_a_jpeg_is_a_photo_in_two_sizes(bot: Bot) -> None:
    content = io.BytesIO()
    Image.new("RGB", (200, 100), "red").save(content, "JPEG")

    sizes = (await bot.send_photo(CHAT, content.getvalue())).photo

    assert [(size.width, size.height) for size in sizes] == [(90, 45), (200, 100)]
    with pytest.raises(BadRequest, match=r"(?i)can't use file of type Photo as Document"):
        await bot.send_document(CHAT, sizes[-1].file_id)


async def test_a_refused_upload_leaves_nothing(client: Client, bot: Bot) -> None:
    client.server.telegram.faults.add(method="sendPhoto", status=500)

    answer = await client.http.post(
        f"/bot{client.token}/sendPhoto", data={"chat_id": str(CHAT)}, files={"photo": ("a.png", png(), "image/png")}
    )

    assert answer.status_code == httpx.codes.INTERNAL_SERVER_ERROR
    assert client.server.telegram.files == {}
    assert (await bot.get_me()).id == BOT
