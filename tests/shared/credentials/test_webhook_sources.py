"""Sources: kept for a few seconds, read anew for a stranger now and then."""

import asyncio
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

from infra.admin import sources as admin
from shared.credentials import cache, secrets
from shared.credentials.webhook_sources import MIN_SECRET_LENGTH, Sources
from shared.database.pool import Database
from shared.errors import DatabaseUnavailable, Unauthenticated
from tests.helpers import arrange, canaries
from tests.helpers.counting import Counting


@pytest.fixture
async def counting(database_url: str) -> Any:
    """The handle on this test's database."""
    handle = Counting(database_url)
    yield handle
    await handle.close()


@pytest.fixture
def source(connection: psycopg.Connection[DictRow]) -> int:
    """The source "school"."""
    return arrange.source(connection, field_map='{"answer_text": "text"}', timezone="Asia/Almaty")


def rotate(connection: psycopg.Connection[DictRow], source: int, secret: str, valid_to: str | None = None) -> None:
    """Put another secret into the second slot."""
    connection.execute(
        "insert into platform.source_secrets (source_id, slot, secret_hash, valid_to) values (%s, 2, %s, %s)",
        (source, secrets.hash_secret(secret), valid_to),
    )


async def test_a_source_is_known_by_its_secret(counting: Counting, source: int) -> None:
    found = await Sources(counting, "getcourse").authenticate("school", canaries.SOURCE_SECRET)
    assert (found.id, found.name, found.timezone, found.field_map) == (
        source,
        "school",
        "Asia/Almaty",
        {"answer_text": "text"},
    )


@pytest.mark.usefixtures("source")
@pytest.mark.parametrize(
    ("provider", "name", "offered"),
    [
        ("getcourse", "school", "wrong"),
        ("getcourse", "school", ""),
        ("getcourse", "school", "секрет"),
        ("getcourse", "school", "\ud800"),
        ("getcourse", "unknown", canaries.SOURCE_SECRET),
        ("getcourse", "", ""),
        ("yclients", "school", canaries.SOURCE_SECRET),
        ("getcourse", "school", canaries.SOURCE_SECRET + "\x00"),
    ],
)
async def test_all_others_are_strangers(counting: Counting, provider: str, name: str, offered: str) -> None:
    with pytest.raises(Unauthenticated) as refused:
        await Sources(counting, provider).authenticate(name, offered)
    assert str(refused.value) == ""


async def test_a_source_without_a_secret_lets_nobody_in(
    counting: Counting, source: int, connection: psycopg.Connection[DictRow]
) -> None:
    connection.execute("delete from platform.source_secrets where source_id = %s", (source,))
    for offered in ("", canaries.SOURCE_SECRET, "\x00" * 32):
        with pytest.raises(Unauthenticated):
            await Sources(counting, "getcourse").authenticate("school", offered)


@pytest.mark.usefixtures("source")
async def test_a_crowd_of_callers_asks_the_database_once(counting: Counting) -> None:
    known = Sources(counting, "getcourse")
    await asyncio.gather(*(known.authenticate("school", canaries.SOURCE_SECRET) for _ in range(50)))
    for _ in range(50):
        await known.authenticate("school", canaries.SOURCE_SECRET)
    assert counting.asked == 1


@pytest.mark.usefixtures("source")
async def test_a_crowd_of_strangers_costs_the_database_next_to_nothing(counting: Counting) -> None:
    known = Sources(counting, "getcourse")
    results = await asyncio.gather(
        *(known.authenticate("school", f"wrong-{n:0>40}") for n in range(200)), return_exceptions=True
    )
    assert all(isinstance(result, Unauthenticated) for result in results)
    assert counting.asked <= 2


@pytest.mark.parametrize(
    ("name", "offered"),
    [
        ("school", ""),
        ("school", canaries.SOURCE_SECRET[: MIN_SECRET_LENGTH - 1]),
        ("", canaries.SOURCE_SECRET),
        ("School", canaries.SOURCE_SECRET),
        ("school/more", canaries.SOURCE_SECRET),
        ("школа", canaries.SOURCE_SECRET),
        ("x" * 64, canaries.SOURCE_SECRET),
        ("school\n", canaries.SOURCE_SECRET),
    ],
)
async def test_what_can_be_no_credential_is_not_looked_up(counting: Counting, name: str, offered: str) -> None:
    with pytest.raises(Unauthenticated):
        await Sources(counting, "getcourse").authenticate(name, offered)
    assert counting.asked == 0


def test_no_secret_that_an_operator_may_choose_is_too_short_to_be_looked_up() -> None:
    assert MIN_SECRET_LENGTH <= admin.MIN_SECRET_LENGTH


async def test_a_secret_that_was_rotated_a_moment_ago_is_looked_up_before_it_is_refused(
    counting: Counting, source: int, connection: psycopg.Connection[DictRow]
) -> None:
    known = Sources(counting, "getcourse")
    await known.authenticate("school", canaries.SOURCE_SECRET)
    rotate(connection, source, "new-" + canaries.SOURCE_SECRET)
    await asyncio.sleep(cache.MIN_REFRESH_SECONDS + 0.05)
    assert (await known.authenticate("school", "new-" + canaries.SOURCE_SECRET)).id == source
    assert (await known.authenticate("school", canaries.SOURCE_SECRET)).id == source
    assert counting.asked == 2


@pytest.mark.usefixtures("source")
async def test_the_end_of_a_pause_is_looked_up_before_the_pause_is_kept_to(
    counting: Counting, connection: psycopg.Connection[DictRow]
) -> None:
    connection.execute("update platform.webhook_sources set paused_at = now()")
    known = Sources(counting, "getcourse")
    assert (await known.authenticate("school", canaries.SOURCE_SECRET)).is_paused
    connection.execute("update platform.webhook_sources set paused_at = null")
    await asyncio.sleep(cache.MIN_REFRESH_SECONDS + 0.05)
    assert not (await known.authenticate("school", canaries.SOURCE_SECRET)).is_paused
    assert counting.asked == 2


@pytest.mark.parametrize(
    ("valid_to", "opens"), [("infinity", True), ("2099-01-01", True), ("2020-01-01", False), ("-infinity", False)]
)
async def test_a_secret_opens_until_its_time_is_over(
    counting: Counting, source: int, connection: psycopg.Connection[DictRow], valid_to: str, *, opens: bool
) -> None:
    rotate(connection, source, "timed-" + canaries.SOURCE_SECRET, valid_to)
    attempt = Sources(counting, "getcourse").authenticate("school", "timed-" + canaries.SOURCE_SECRET)
    if opens:
        assert (await attempt).id == source
    else:
        with pytest.raises(Unauthenticated):
            await attempt


@pytest.mark.slow
async def test_without_a_database_nobody_is_called_a_stranger() -> None:
    handle = Database("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(DatabaseUnavailable):
        await Sources(handle, "getcourse").authenticate("school", canaries.SOURCE_SECRET)
    await handle.close()
