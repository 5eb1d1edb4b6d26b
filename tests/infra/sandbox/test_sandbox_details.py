"""Details that ordinary bots rely on: quotes, thumbnails, names of members, waiting updates, pictures as they are."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from infra.sandbox.telegram.files.measured import measured

if TYPE_CHECKING:
    from tests.infra.sandbox.conftest import Client

PERSON, GROUP = 4100000091, -1004100000092


async def test_a_reply_quotes_a_part_of_what_it_answers(client: Client) -> None:
    first = (await client.call("sendMessage", chat_id=PERSON, text="😀 one two"))["result"]["message_id"]
    reply = {"message_id": first, "quote": "two"}

    sent = (await client.call("sendMessage", chat_id=PERSON, text="x", reply_parameters=reply))["result"]

    assert sent["quote"] == {"text": "two", "position": 7, "is_manual": True}
    reply["quote"] = "three"
    refusal = await client.refusal("sendMessage", chat_id=PERSON, text="x", reply_parameters=reply)
    assert refusal == "Bad Request: QUOTE_TEXT_INVALID"


async def test_a_document_has_the_thumbnail_that_came_with_it_and_a_picture_its_own(client: Client) -> None:
    small, large = _png(40, 20), _png(640, 320)
    for name, content, side in (("a.txt", b"x", (40, 20)), ("a.png", large, (320, 160))):
        files = {"document": (name, content), "small": ("s.png", small)}
        form = {"chat_id": PERSON, "thumbnail": "attach://small"}
        answer = await client.http.post(f"/bot{client.token}/sendDocument", data=form, files=files)
        thumbnail = answer.json()["result"]["document"]["thumbnail"]
        assert (thumbnail["width"], thumbnail["height"]) == side


async def test_members_have_the_names_under_which_they_spoke(client: Client) -> None:
    await client.control("say", bot=1, chat_id=GROUP, from_id=PERSON, text="x", first_name="Анна", last_name="Ли")
    await client.control("chats", chat_id=GROUP, creator=PERSON, members=7)

    owner = (await client.call("getChatMember", chat_id=GROUP, user_id=PERSON))["result"]

    assert (owner["status"], owner["user"]["first_name"], owner["user"]["last_name"]) == ("creator", "Анна", "Ли")
    assert (await client.call("getChatMemberCount", chat_id=GROUP))["result"] == 7


async def test_an_update_that_waits_keeps_the_words_before_an_edit(client: Client) -> None:
    bot = int(client.token.partition(":")[0])
    said = await client.control("say", bot=bot, chat_id=PERSON, text="before")
    await client.control("edit", bot=bot, chat_id=PERSON, message_id=said["message_id"], text="after")

    first, second = (await client.call("getUpdates"))["result"]

    assert (first["message"]["text"], second["edited_message"]["text"]) == ("before", "after")


async def test_pictures_are_shown_as_what_they_are(client: Client) -> None:
    for kind in ("PNG", "JPEG", "GIF", "WEBP"):
        picture = io.BytesIO()
        Image.new("RGB", (8, 8)).save(picture, kind)
        answer = await client.http.post(
            f"/bot{client.token}/sendPhoto", data={"chat_id": PERSON}, files={"photo": ("x", picture.getvalue())}
        )
        file_id = answer.json()["result"]["photo"][-1]["file_id"]
        shown = await client.http.get(f"/_sandbox/pictures/{client.token.partition(':')[0]}/{file_id}")
        assert shown.headers["content-type"] == f"image/{kind.lower()}"


async def test_a_text_answers_with_the_address_whose_preview_it_shows(client: Client) -> None:
    for text, more, options in (
        ("😀 see example.com now", {}, {"url": "http://example.com"}),
        ('<a href="https://example.com/a">here</a>', {"parse_mode": "HTML"}, {"url": "https://example.com/a"}),
        ("see example.com", {"link_preview_options": {"is_disabled": True}}, {"is_disabled": True}),
        ("nothing to see", {}, None),
    ):
        sent = (await client.call("sendMessage", chat_id=PERSON, text=text, **more))["result"]
        assert sent.get("link_preview_options") == options


@pytest.mark.parametrize(
    ("kind", "content", "found"),
    [
        ("video", b"\0\0\0\x18mvhd" + bytes(16), {}),
        ("video", b"\0\0\0\x28moov\0\0\0\x20mvhd" + bytes(12) + b"\0\0\0\2\0\0\0\x0a", {"duration": 5}),
        ("voice", b"OggS\0\4" + (96_000).to_bytes(8, "little"), {"duration": 2}),
        ("voice", b"OggS", {}),
        ("audio", b"ID3", {}),
        ("document", b"OggS\0\4" + (96_000).to_bytes(8, "little"), {}),
        ("video", b"\0\0\0\x08moov" * 5000, {}),
    ],
)
def test_sounds_and_videos_say_how_long_they_are(kind: str, content: bytes, found: dict[str, int]) -> None:
    assert measured(kind, content) == found


def _png(width: int, height: int) -> bytes:
    picture = io.BytesIO()
    Image.new("RGB", (width, height)).save(picture, "PNG")
    return picture.getvalue()


async def test_an_animation_is_sent_again_edited_in_and_kept_out_of_albums(client: Client) -> None:
    form, files = {"chat_id": PERSON}, {"animation": ("a.gif", b"GIF89a", "image/gif")}
    sent = (await client.http.post(f"/bot{client.token}/sendAnimation", data=form, files=files)).json()["result"]
    assert sent["animation"]["mime_type"] == "video/mp4"
    assert sent["document"] == sent["animation"]

    media = {"type": "animation", "media": sent["animation"]["file_id"]}
    again = (await client.call("sendAnimation", chat_id=PERSON, animation=media["media"]))["result"]["animation"]
    assert again == sent["animation"]
    refusal = await client.refusal("sendMediaGroup", chat_id=PERSON, media=[media, media])
    assert refusal == "Bad Request: animations can't be sent in an album"
