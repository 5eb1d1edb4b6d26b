"""The WhatsApp stand-ins answer as the gateways do, and keep no token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from tests.infra.sandbox.conftest import Client

TOKEN = "whatsapp-token-of-this-test"
TO = "77010000002"
CLOUD_TEXT = {"messaging_product": "whatsapp", "to": TO, "type": "text", "text": {"body": "x"}}
GATEWAYS = ("chatflow", "evolution", "whatsapp_cloud")


async def send(client: Client, gateway: str, token: str = TOKEN) -> httpx.Response:
    """A text, as each gateway wants it."""
    if gateway == "chatflow":
        query = {"token": token, "instance_id": "i", "jid": f"{TO}@s.whatsapp.net", "msg": "x"}
        return await client.http.get("/chatflow/api/v1/send-text", params=query)
    if gateway == "evolution":
        body, headers = {"number": TO, "text": "x"}, {"apikey": token}
        return await client.http.post("/evolution/message/sendText/i", json=body, headers=headers)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return await client.http.post("/whatsapp_cloud/v23.0/10001/messages", json=CLOUD_TEXT, headers=headers)


async def journal(client: Client) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (await client.http.get("/_sandbox/whatsapp/journal")).json()
    return rows


async def test_a_sent_message_is_answered_in_each_gateways_words(client: Client) -> None:
    flow, own, cloud = [await send(client, gateway) for gateway in GATEWAYS]

    assert (flow.status_code, flow.json()) == (200, {"success": True})
    assert (own.status_code, own.json()["status"]) == (201, "PENDING")
    assert own.json()["key"] == {"remoteJid": f"{TO}@s.whatsapp.net", "fromMe": True, "id": f"{2:020X}"}
    assert cloud.json()["messages"] == [{"id": f"wamid.{3:020X}"}]


@pytest.mark.parametrize("gateway", GATEWAYS)
@pytest.mark.parametrize("wrong", ["another-token", ""])
async def test_a_wrong_token_is_refused_and_none_is_kept(client: Client, gateway: str, wrong: str) -> None:
    await send(client, gateway)
    refused = await send(client, gateway, wrong)

    assert refused.status_code == 401
    first, second = await journal(client)
    assert (first["delivered"], second["delivered"]) == (True, False)
    assert TOKEN not in str(await journal(client))


@pytest.mark.parametrize(
    ("gateway", "does", "status"),
    [
        ("chatflow", "refuse", 401),
        ("chatflow", "limit", 429),
        ("chatflow", "fail", 200),
        ("evolution", "limit", 429),
        ("evolution", "fail", 400),
        ("whatsapp_cloud", "limit", 400),
        ("whatsapp_cloud", "fail", 400),
        ("whatsapp_cloud", "break", 502),
    ],
)
async def test_a_fault_meets_its_gateway_and_is_used_up(client: Client, gateway: str, does: str, status: int) -> None:
    await client.control("whatsapp/faults", does=does, gateway=gateway)
    for other in GATEWAYS:
        if other != gateway:
            assert (await send(client, other)).is_success
    answers = [await send(client, gateway) for _ in range(2)]

    assert answers[0].status_code == status
    assert answers[1].is_success
    assert [row["delivered"] for row in await journal(client)] == [True, True, False, True]


async def test_the_cloud_api_fails_for_the_reason_that_was_asked_for(client: Client) -> None:
    await client.control("whatsapp/faults", does="fail", code=131047)

    assert (await send(client, "whatsapp_cloud")).json()["error"]["code"] == 131047


@pytest.mark.parametrize("deliver", [False, True])
async def test_a_broken_connection_may_hide_a_delivered_message(client: Client, *, deliver: bool) -> None:
    await client.control("whatsapp/faults", does="drop", deliver=deliver)
    with pytest.raises(httpx.RemoteProtocolError):
        await send(client, "evolution")

    [row] = await journal(client)
    assert (row["status"], row["delivered"]) == (None, deliver)


async def test_an_incomplete_message_is_refused(client: Client) -> None:
    flow = await client.http.get("/chatflow/api/v1/send-image", params={"token": TOKEN, "instance_id": "i", "jid": TO})
    own = await client.http.post("/evolution/message/sendText/i", json={"number": TO}, headers={"apikey": TOKEN})
    cloud = await client.http.post("/whatsapp_cloud/v23.0/1/messages", json=CLOUD_TEXT | {"text": {}})

    assert [answer.status_code for answer in (flow, own, cloud)] == [400, 400, 400]
    assert flow.json()["message"] == "caption is required"
    assert own.json()["response"]["message"] == [['instance requires property "text"']]
    assert cloud.json()["error"]["code"] == 131008
    assert await journal(client) == []


async def test_what_does_not_exist_is_not_found(client: Client) -> None:
    flow = await client.http.get("/chatflow/api/v1/n8n/action/text", params={"recipient": TO, "msg": "x"})
    own = await client.http.post("/evolution/message/sendPigeon/i", json={"number": TO}, headers={"apikey": TOKEN})

    assert (flow.status_code, flow.json()["message"]) == (404, "Flow ID not found")
    assert (own.status_code, own.json()["error"]) == (404, "Not Found")


async def test_a_fault_that_nobody_knows_is_refused(client: Client) -> None:
    assert (await client.http.post("/_sandbox/whatsapp/faults", json={"does": "explode"})).status_code == 422
