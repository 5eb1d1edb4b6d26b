"""Pages of strangers can neither read the sandbox nor send through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.routing import BaseRoute, Mount, Route

from infra.sandbox.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.infra.sandbox.conftest import Client

FOREIGN = [
    {"Host": "rebound.example"},
    {"Host": "127.0.0.1.rebound.example:8081"},
    {"Origin": "https://shop.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:9"},
    {"Sec-Fetch-Site": "cross-site"},
]


def paths(routes: Sequence[BaseRoute], before: str = "") -> Iterator[str]:
    for route in routes:
        if isinstance(route, Mount):
            yield from paths(route.routes, before + route.path)
        elif isinstance(route, Route):
            yield before + route.path


@pytest.mark.parametrize("headers", FOREIGN)
async def test_no_route_answers_a_page_of_somebody_else(client: Client, headers: dict[str, str]) -> None:
    found = sorted(set(paths(create_app().routes)))

    assert len(found) > 20
    for path in found:
        for method in ("GET", "POST"):
            answer = await client.http.request(method, path.replace("{", "").replace("}", ""), headers=headers)
            assert answer.status_code == 403, (method, path)


async def test_programs_and_the_own_page_are_answered(client: Client) -> None:
    for headers in ({}, {"Origin": client.server.url}, {"Host": "localhost:8081"}, {"Sec-Fetch-Site": "same-origin"}):
        assert (await client.http.get("/", headers=headers)).status_code == 200


async def test_in_a_strict_sandbox_a_chat_begins_when_somebody_writes(client: Client) -> None:
    await client.control("settings", strict_chats=True)
    before = await client.refusal("sendMessage", chat_id=4100000061, text="x")
    await client.control("say", bot=7100000001, chat_id=4100000061, text="/start")

    assert before == "Bad Request: chat not found"
    assert (await client.call("sendMessage", chat_id=4100000061, text="x"))["ok"]
