"""Bots: kept for a few seconds with the secrets of their webhooks, and looked up for nobody who can have none."""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest
from psycopg.rows import DictRow

from functions.telegram_webhook.bots import Bots
from shared.credentials import secrets
from shared.errors import Unauthenticated
from tests.functions.telegram_webhook.conftest import SECRET
from tests.helpers import arrange, canaries
from tests.helpers.counting import Counting

LIKELY = "0123456789abcdef" * 4  # it might be a secret
OTHER_TOKEN = canaries.BOT_TOKEN.replace("7000000001", "7000000002")


@pytest.fixture
async def counting(database_url: str) -> AsyncIterator[Counting]:
    """The handle on this test's database."""
    handle = Counting(database_url)
    yield handle
    await handle.close()


@pytest.fixture
def bot(connection: psycopg.Connection[DictRow]) -> int:
    """The bot "school"."""
    return arrange.bot(connection)


def known(counting: Counting) -> Bots:
    """What a process that has just started knows."""
    return Bots(counting, arrange.SECRETS_KEY)


async def test_a_crowd_of_updates_reads_the_bots_once(counting: Counting, bot: int) -> None:
    bots = known(counting)
    found = await asyncio.gather(*(bots.authenticate("school", SECRET) for _ in range(50)))

    assert {(found.id, found.name, found.system) for found in found} == {(bot, "school", "getcourse")}
    assert counting.asked == 1


async def test_a_bot_that_was_added_a_moment_ago_may_call(
    counting: Counting, connection: psycopg.Connection[DictRow], bot: int
) -> None:
    bots = known(counting)
    assert (await bots.authenticate("school", SECRET)).id == bot
    other = arrange.bot(connection, "other", OTHER_TOKEN)

    found = await bots.authenticate("other", secrets.telegram_webhook_secrets(arrange.SECRETS_KEY, "other", 1, None)[0])
    assert found.id == other


async def test_every_secret_that_is_accepted_now_opens_and_the_one_before_yesterday_does_not(
    counting: Counting, connection: psycopg.Connection[DictRow], bot: int
) -> None:
    connection.execute("update platform.bots set webhook_version = 2, webhook_rotated_at = now()")
    for secret in secrets.telegram_webhook_secrets(arrange.SECRETS_KEY, "school", 2, secrets.PREVIOUS_VERSION_LIFETIME):
        assert (await known(counting).authenticate("school", secret)).id == bot
    assert (await known(counting).authenticate("school", SECRET)).id == bot
    connection.execute("update platform.bots set webhook_rotated_at = now() - interval '25 hours'")

    with pytest.raises(Unauthenticated):
        await known(counting).authenticate("school", SECRET)


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    ("name", "offered"),
    [
        ("school", ""),
        ("school", LIKELY[:-1]),
        ("school", LIKELY + "0"),
        ("school", LIKELY.upper()),
        ("school", "ж" * 64),
        ("school", f"{LIKELY}\n"),
        ("", LIKELY),
        ("School", LIKELY),
        ("школа", LIKELY),
        ("school/x", LIKELY),
        ("-school", LIKELY),
        ("\x00", LIKELY),
        ("x" * 64, LIKELY),
    ],
)
async def test_what_can_be_no_bot_s_is_not_looked_up(counting: Counting, name: str, offered: str) -> None:
    with pytest.raises(Unauthenticated):
        await known(counting).authenticate(name, offered)
    assert counting.asked == 0


@pytest.mark.usefixtures("bot")
async def test_crowds_of_strangers_cost_next_to_nothing(counting: Counting) -> None:
    bots = known(counting)
    names = ("school", "nobody")
    calls = (bots.authenticate(names[n % 2], f"{n:064x}") for n in range(200))

    results = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(result) for result in results] == [Unauthenticated] * 200
    assert 1 <= counting.asked <= 2
