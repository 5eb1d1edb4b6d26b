"""What a bot is in a group: a real client library reads it, and the stand-in keeps to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from telegram import Bot, ChatMemberAdministrator, ChatMemberMember
from telegram.error import BadRequest

from tests.infra.sandbox.conftest import BOT, unhurried

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.infra.sandbox.conftest import Client

GROUP = -1004100000009
SOMEBODY = 4100000009


@pytest_asyncio.fixture
async def bot(client: Client) -> AsyncIterator[Bot]:
    async with Bot(client.token, base_url=f"{client.server.url}/bot", **unhurried()) as started:
        yield started


async def test_a_bot_is_an_administrator_and_others_are_members(bot: Bot) -> None:
    itself, other = [await bot.get_chat_member(GROUP, number) for number in (BOT, SOMEBODY)]

    assert isinstance(itself, ChatMemberAdministrator)
    assert (itself.can_manage_topics, itself.can_delete_messages, itself.user.is_bot) == (True, True, True)
    assert isinstance(other, ChatMemberMember)
    assert (other.user.id, other.user.is_bot) == (SOMEBODY, False)


@pytest.mark.parametrize("changes", [{"manages_topics": False}, {"bot_status": "member"}])
async def test_without_the_right_no_topic_can_be_opened(bot: Bot, client: Client, changes: dict[str, object]) -> None:
    client.server.telegram.configure(GROUP, None, changes)

    itself = await bot.get_chat_member(GROUP, BOT)
    assert not getattr(itself, "can_manage_topics", False)
    with pytest.raises(BadRequest, match=r"(?i)not enough rights to create a topic"):
        await bot.create_forum_topic(GROUP, "Вера Звонкова")
    assert (await bot.send_message(GROUP, "x")).message_id


async def test_a_member_has_a_number(client: Client) -> None:
    assert await client.refusal("getChatMember", chat_id=GROUP) == "Bad Request: invalid user_id specified"
