"""Marked-up texts, albums, copies, pins, commands: a real client library is content with what comes back."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from telegram import Bot, BotCommand, InputMediaDocument, InputMediaPhoto

from infra.sandbox.telegram.formatting.found_entities import found
from infra.sandbox.telegram.formatting.markdown import parse_markdown, parse_markdown_v2
from tests.infra.sandbox.conftest import unhurried

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.infra.sandbox.conftest import Client

PERSON, GROUP = 4100000041, -1004100000041


def picture(side: int = 30) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (side, side)).save(content, "JPEG")
    return content.getvalue()


@pytest.fixture
async def bot(client: Client) -> AsyncIterator[Bot]:
    url = client.server.url
    async with Bot(client.token, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot", **unhurried()) as started:
        yield started


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"offset": offset, "length": length, "type": kind} | more


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("*да* и _нет_", "да и нет", [entity("bold", 0, 2), entity("italic", 5, 3)]),
        ("*да \\* нет*", "да * нет", [entity("bold", 0, 8)]),
        ("__да__ ||нет||", "да нет", [entity("underline", 0, 2), entity("spoiler", 3, 3)]),
        ("🔔 *дон*", "🔔 дон", [entity("bold", 3, 3)]),
        ("[вот](http://example.com/a)", "вот", [entity("text_link", 0, 3, url="http://example.com/a")]),
        ("```sql\nselect 1```", "select 1", [entity("pre", 0, 8, language="sql")]),
        ("`a*b`", "a*b", [entity("code", 0, 3)]),
        (">раз\n>два\nтри", "раз\nдва\nтри", [entity("blockquote", 0, 7)]),
    ],
)
def test_markdown_v2_becomes_text_and_entities(source: str, text: str, entities: list[dict[str, Any]]) -> None:
    assert parse_markdown_v2(source) == (text, entities)


def test_the_old_markdown_becomes_text_and_entities() -> None:
    assert parse_markdown("*да* a\\_b `код`") == ("да a_b код", [entity("bold", 0, 2), entity("code", 7, 3)])


def test_addresses_mentions_and_phones_are_found_in_a_text() -> None:
    text = "🔔 https://example.com/a?b=1, @carillon #звон a@example.com +7 701 000-00-01 /start"

    kinds = {text.encode("utf-16-le")[e["offset"] * 2 : (e["offset"] + e["length"]) * 2].decode("utf-16-le"): e["type"]
             for e in found(text, [])}  # fmt: skip

    assert kinds == {
        "https://example.com/a?b=1": "url", "@carillon": "mention", "#звон": "hashtag", "a@example.com": "email",
        "+7 701 000-00-01": "phone_number", "/start": "bot_command",
    }  # fmt: skip


async def test_an_album_is_sent_as_one_group(bot: Any) -> None:
    known = (await bot.send_document(PERSON, b"words", filename="a.txt")).document
    sent = await bot.send_media_group(PERSON, [InputMediaPhoto(picture()), InputMediaPhoto(picture(40), caption="да")])
    files = await bot.send_media_group(PERSON, [InputMediaDocument(known.file_id), InputMediaDocument(known.file_id)])

    assert len({message.media_group_id for message in sent}) == 1
    assert [message.caption for message in sent] == [None, "да"]
    assert [message.document.file_unique_id for message in files] == [known.file_unique_id] * 2


async def test_captions_and_files_of_messages_are_changed(bot: Any) -> None:
    sent = await bot.send_photo(PERSON, picture(), caption="раз")

    edited = await bot.edit_message_caption(PERSON, sent.message_id, caption="<b>два</b>", parse_mode="HTML")
    other = await bot.edit_message_media(InputMediaDocument(b"words", filename="a.txt"), PERSON, sent.message_id)

    assert (edited.caption, edited.caption_entities[0].type) == ("два", "bold")
    assert (other.document.file_name, other.photo, other.caption) == ("a.txt", (), None)


async def test_messages_are_copied_and_forwarded_unless_they_are_protected(bot: Any, client: Client) -> None:
    sent = await bot.send_message(PERSON, "раз")
    protected = await bot.send_message(PERSON, "два", protect_content=True)

    copied = await bot.copy_message(GROUP, PERSON, sent.message_id)
    forwarded = await bot.forward_message(GROUP, PERSON, sent.message_id)
    many = await bot.copy_messages(GROUP, PERSON, [sent.message_id])
    refused = await client.refusal("copyMessage", chat_id=GROUP, from_chat_id=PERSON, message_id=protected.message_id)

    assert copied.message_id < forwarded.message_id < many[0].message_id
    assert (forwarded.text, forwarded.forward_origin.sender_user.id) == ("раз", bot.id)
    assert refused == "Bad Request: the message can't be copied"


async def test_pins_reactions_commands_and_members_are_kept(bot: Any) -> None:
    sent = await bot.send_message(GROUP, "раз")
    assert await bot.pin_chat_message(GROUP, sent.message_id)
    assert (await bot.get_chat(GROUP)).pinned_message.message_id == sent.message_id
    assert await bot.unpin_all_chat_messages(GROUP)
    assert (await bot.get_chat(GROUP)).pinned_message is None
    assert await bot.set_message_reaction(GROUP, sent.message_id, "👍")
    assert await bot.set_my_commands([BotCommand("start", "Начать")])
    assert [command.command for command in await bot.get_my_commands()] == ["start"]
    assert await bot.delete_my_commands()
    assert await bot.get_my_commands() == ()
    assert [member.status for member in await bot.get_chat_administrators(GROUP)] == ["creator", "administrator"]
    assert await bot.get_chat_member_count(GROUP) > 1


async def test_several_messages_are_deleted_at_once(bot: Any, client: Client) -> None:
    sent = [await bot.send_message(PERSON, "раз") for _ in range(2)]

    assert await bot.delete_messages(PERSON, [message.message_id for message in sent])
    assert await client.refusal("deleteMessage", chat_id=PERSON, message_id=sent[0].message_id)
