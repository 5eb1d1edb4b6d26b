"""Files pass through as they come: their memory, their ends, and how many there are at once."""

import base64
import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg.rows import dict_row

from shared import config
from shared.channels.files import (
    MAX_AT_ONCE,
    MAX_BYTES,
    MAX_IN_MEMORY,
    MAX_OF_AN_ACCOUNT,
    MAX_OF_AN_ACCOUNT_IN_MEMORY,
    File,
    Files,
)
from shared.clients.http import HttpClient
from shared.credentials.account import Account
from tests.functions.serve_media.conftest import GATEWAY_TOKEN, Media, gateway_account
from tests.functions.serve_media.misbehaving import CHUNK, Owner, Reply, misbehaving
from tests.helpers import arrange, canaries
from tests.helpers.processes import only_on_linux, peak_bytes, resident_bytes
from tests.helpers.serving import serve
from tests.helpers.threads import serve_in_thread

FOUND = Reply(200, json.dumps({"ok": True, "result": {"file_path": "documents/file_1.pdf"}}).encode())
ENCODED = Reply(201, json.dumps({"base64": "eA==", "mimetype": "image/png"}).encode())
TELEGRAM = Account("telegram", canaries.BOT_TOKEN)
EVOLUTION = Account("evolution", GATEWAY_TOKEN, "salon")
ROOM_OF_A_WORKER = (256 - 64) * 2**20  # bytes: what `carillon serve` gives one, less what it begins with


@pytest.fixture(scope="module")
def owner() -> Iterator[Owner]:
    """The owner of everything."""
    with misbehaving() as owner:
        yield owner


@pytest.fixture(scope="module")
def media(bots: dict[str, int], module_database_url: str, printed: Path, owner: Owner) -> Iterator[Media]:
    settings = {
        "DATABASE_URL": module_database_url,
        "SECRETS_KEY": arrange.SECRETS_KEY,
        "TELEGRAM_API_URL": owner.url,
        "EVOLUTION_API_URL": owner.url,
    }
    with serve_in_thread("serve_media", printed, **settings) as served:
        yield Media(served.url, bots, served.output, owner.url)


def answering(owner: Owner, download: Reply) -> None:
    """From now on the owner's file is `download`."""
    owner.replies, owner.asked, owner.sent = {"/bot": FOUND, "/file/bot": download, "/chat": ENCODED}, [], 0


def test_a_file_of_a_declared_length_passes_whole(media: Media, owner: Owner) -> None:
    count = MAX_BYTES // len(CHUNK)
    answering(owner, Reply(200, CHUNK, "application/pdf", repeated=count, length=MAX_BYTES))

    answer = media.get(media.link("ours", "telegram", "77"))

    assert (answer.status_code, len(answer.content)) == (200, MAX_BYTES)
    assert answer.headers["content-length"] == str(MAX_BYTES)


def test_a_file_whose_declared_length_is_too_much_is_not_downloaded(media: Media, owner: Owner) -> None:
    answering(owner, Reply(200, CHUNK, repeated=1_000_000, length=1_000_000 * len(CHUNK)))

    assert media.get(media.link("ours", "telegram", "77")).status_code == 413
    assert owner.sent < MAX_BYTES


@pytest.mark.parametrize("surplus", [-1, 1])
def test_a_file_that_is_not_as_long_as_declared_is_never_taken_for_whole(
    media: Media, owner: Owner, surplus: int
) -> None:
    answering(owner, Reply(200, CHUNK, repeated=2, length=2 * len(CHUNK) - surplus))
    link = media.link("ours", "telegram", "77")
    if surplus == 1:  # HTTP itself cuts what is more than declared
        assert len(media.get(link).content) == 2 * len(CHUNK) - 1
    else:
        with pytest.raises(httpx.RemoteProtocolError):
            media.get(link)


def test_head_downloads_nothing(media: Media, owner: Owner) -> None:
    answering(owner, Reply(200, CHUNK, "application/pdf", repeated=MAX_BYTES // len(CHUNK), length=MAX_BYTES))

    telegrams = media.get(media.link("ours", "telegram", "77"), "HEAD")
    assert (telegrams.status_code, telegrams.headers["content-length"]) == (200, str(MAX_BYTES))
    assert owner.sent < MAX_BYTES
    owner.asked.clear()
    evolutions = media.get(media.link("evolution", "evolution", "77", "a.pdf"), "HEAD")
    assert (evolutions.status_code, evolutions.headers["content-type"]) == (200, "application/pdf")
    assert owner.asked == []


def opener(owner: Owner, client: HttpClient) -> Files:
    """What opens files of the owner, and waits for no turn."""
    addresses = {"TELEGRAM_API_URL": owner.url, "EVOLUTION_API_URL": owner.url}
    return Files(client, config.load(addresses, ("telegram_api_url", "evolution_api_url", "send_deadline_seconds")), 0)


async def opened(stack: AsyncExitStack, files: Files, account: Account) -> File | str:
    return await stack.enter_async_context(files.open(account, "77", with_content=True))


def another(account: Account, number: int = 0) -> Account:
    """Another one of the same channel."""
    return replace(account, token=f"{account.token}{number}")


@pytest.mark.parametrize(
    ("account", "most", "most_of_it"),
    [(TELEGRAM, MAX_AT_ONCE, MAX_OF_AN_ACCOUNT), (EVOLUTION, MAX_IN_MEMORY, MAX_OF_AN_ACCOUNT_IN_MEMORY)],
)
async def test_so_many_files_are_open_at_once_as_fit_into_memory(
    owner: Owner, account: Account, most: int, most_of_it: int
) -> None:
    answering(owner, Reply(200, b"0123456789", length=10))
    client = HttpClient(20.0)
    files = opener(owner, client)
    async with AsyncExitStack() as first, AsyncExitStack() as others:
        assert isinstance(await opened(first, files, account), File)
        for _ in range(most_of_it - 1):
            assert isinstance(await opened(others, files, account), File)
        assert await opened(others, files, account) == "busy", "whoever reads slowly holds up no other account"
        for number in range(most - most_of_it):
            assert isinstance(await opened(others, files, another(account, number)), File)
        assert await opened(others, files, another(account)) == "busy"
        await first.aclose()
        assert isinstance(await opened(others, files, another(account)), File)
    await client.close()


async def test_a_file_of_no_declared_length_is_one_of_the_few_in_memory(owner: Owner) -> None:
    answering(owner, Reply(200, b"0123456789"))
    client = HttpClient(20.0)
    files = opener(owner, client)
    async with AsyncExitStack() as stack:
        for number in range(MAX_IN_MEMORY):
            assert isinstance(await opened(stack, files, another(TELEGRAM, number)), File)
        assert await opened(stack, files, another(TELEGRAM)) == "busy"
    await client.close()


@only_on_linux
def test_as_many_encoded_files_as_may_be_in_memory_fit_into_a_worker(
    bots: dict[str, int], module_direct_url: str, module_database_url: str, printed: Path, owner: Owner
) -> None:
    content = os.urandom(MAX_BYTES - 1)
    encoded = json.dumps({"base64": base64.b64encode(content).decode(), "mimetype": "video/mp4"}).encode()
    owner.replies = {"/chat": Reply(201, encoded)}
    with psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection:
        neighbour = {"neighbour": gateway_account(connection, "neighbour", "evolution", "other")}
    settings = {"SECRETS_KEY": arrange.SECRETS_KEY, "EVOLUTION_API_URL": owner.url}
    with serve("serve_media", printed, DATABASE_URL=module_database_url, **settings) as served:
        media = Media(served.url, bots | neighbour, served.output, owner.url)
        links = [media.link(bot, "evolution", f"{n}") for bot in ("evolution", "neighbour") for n in range(2)]
        before = resident_bytes(served.process.pid)
        with ThreadPoolExecutor(len(links)) as pool:
            answers = list(pool.map(lambda link: httpx.get(link, trust_env=False), links))
        grown = peak_bytes(served.process.pid) - before

    statuses = [answer.status_code for answer in answers]
    assert statuses.count(200) >= MAX_IN_MEMORY
    assert set(statuses) <= {200, 503}, "the fourth waits for its turn; on a slow machine it is told to call again"
    assert {answer.content == content for answer in answers if answer.status_code == 200} == {True}
    assert grown < ROOM_OF_A_WORKER
