"""A real client library cannot tell the sandbox from Telegram."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
)

from tests.infra.sandbox.conftest import unhurried

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.infra.sandbox.conftest import Client

PERSON = 4100000004
GROUP = -1004100000004


@pytest_asyncio.fixture
async def bot(client: Client) -> AsyncIterator[Bot]:
    async with Bot(client.token, base_url=f"{client.server.url}/bot", **unhurried()) as started:
        yield started


async def test_it_sends_and_edits(bot: Bot) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Беру", callback_data="take")]])
    sent = await bot.send_message(PERSON, "<b>Дон</b> &amp; дин", parse_mode=ParseMode.HTML, reply_markup=keyboard)

    assert sent.text == "Дон & дин"
    assert sent.text_html == "<b>Дон</b> &amp; дин"
    assert sent.reply_markup == keyboard
    edited = await bot.edit_message_text("Бом", PERSON, sent.message_id, reply_markup=keyboard)
    assert isinstance(edited, Message)
    assert edited.text == "Бом"
    bare = await bot.edit_message_reply_markup(PERSON, sent.message_id)
    assert isinstance(bare, Message)
    assert bare.reply_markup is None
    photo = await bot.send_photo(PERSON, "FileFromSandbox1", caption="Колокол")
    assert photo.photo[0].file_id == "FileFromSandbox1"
    assert await bot.delete_message(PERSON, photo.message_id)


async def test_it_opens_and_closes_a_topic(bot: Bot) -> None:
    topic = await bot.create_forum_topic(GROUP, "Вера Звонкова")
    sent = await bot.send_message(GROUP, "x", message_thread_id=topic.message_thread_id)

    assert sent.is_topic_message
    assert await bot.close_forum_topic(GROUP, topic.message_thread_id)
    assert (await bot.get_chat(GROUP)).is_forum


async def test_it_sets_a_webhook(bot: Bot) -> None:
    url = "https://bells.example/telegram"
    assert await bot.set_webhook(url, secret_token="bell_ringer", allowed_updates=["message"])

    info = await bot.get_webhook_info()
    assert (info.url, info.allowed_updates) == (url, ("message",))
    with pytest.raises(Conflict):
        await bot.get_updates()
    assert await bot.delete_webhook()
    assert await bot.get_updates() == ()


# The library announces another type for `retry_after` whenever it is read.
@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_refusals_become_the_right_exceptions(bot: Bot, client: Client) -> None:
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query("5")
    await client.control("faults", status=429, parameters={"retry_after": 7})
    with pytest.raises(RetryAfter) as pause:
        await bot.send_message(PERSON, "x")
    assert pause.value.retry_after == 7
    await client.control("chats", chat_id=PERSON, blocked=True)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(PERSON, "x")
    await client.control("chats", chat_id=-5, migrated_to=GROUP)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(-5, "x")
    assert moved.value.new_chat_id == GROUP


async def test_a_revoked_token_is_invalid(bot: Bot, client: Client) -> None:
    await client.control("bots", bot=bot.id, revoked=True)

    with pytest.raises(InvalidToken):
        await bot.get_me()
