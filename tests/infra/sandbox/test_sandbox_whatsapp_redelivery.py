"""A webhook that is not taken comes again, as often as its gateway repeats it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.infra.sandbox.receiving import receiving

if TYPE_CHECKING:
    from tests.infra.sandbox.conftest import Client


async def say(client: Client, gateway: str) -> dict[str, Any]:
    return await client.control("whatsapp/say", gateway=gateway, account="salon-1", **{"from": "77010000000"}, text="x")


@pytest.mark.parametrize(
    ("gateway", "status", "tries"),
    [
        ("chatflow", 500, 1),
        ("evolution", 500, 5),
        ("evolution", 429, 5),
        *(("evolution", final, 1) for final in (400, 401, 403, 404, 422)),
        ("whatsapp_cloud", 500, 5),
        ("whatsapp_cloud", 403, 5),
    ],
)
async def test_a_refused_webhook_comes_again_as_the_gateway_does_it(
    client: Client, gateway: str, status: int, tries: int
) -> None:
    client.server.whatsapp.first_wait = 0.01
    async with receiving(client, gateway, "salon-1") as receiver:
        receiver.statuses = [status] * 9
        said = await say(client, gateway)

    assert (said["status"], said["tries"], len(receiver.got)) == (status, tries, tries)
    assert len({call.content for call in receiver.got}) == 1


async def test_a_webhook_that_is_taken_at_last_does_not_come_again(client: Client) -> None:
    client.server.whatsapp.first_wait = 0.01
    async with receiving(client, "whatsapp_cloud", "salon-1") as receiver:
        receiver.statuses = [500, 502]
        said = await say(client, "whatsapp_cloud")

    assert (said["status"], said["tries"], len(receiver.got)) == (200, 3, 3)


async def test_without_a_webhook_or_behind_a_closed_port_the_answer_says_so(client: Client) -> None:
    client.server.whatsapp.first_wait = 0.01
    nowhere = await say(client, "evolution")
    await client.control("whatsapp/webhooks", gateway="evolution", account="salon-1", url="http://127.0.0.1:9/hook")
    closed = await say(client, "evolution")

    assert (nowhere["status"], nowhere["error"]) == (None, "no webhook is registered for this account")
    assert (closed["status"], closed["error"], closed["tries"]) == (None, "ConnectError", 5)
