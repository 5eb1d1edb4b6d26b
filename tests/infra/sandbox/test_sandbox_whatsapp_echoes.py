"""What we send comes back as echoes and receipts, and stands in the chats that the page shows."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.infra.sandbox.receiving import receiving

if TYPE_CHECKING:
    from tests.infra.sandbox.conftest import Client

PERSON = "77010000000"
JID = f"{PERSON}@s.whatsapp.net"
TOKEN = "whatsapp-token-of-this-test"
CLOUD_TEXT = {"messaging_product": "whatsapp", "to": PERSON, "type": "text", "text": {"body": "Ждём вас"}}


async def send(client: Client, gateway: str, to: str = PERSON) -> httpx.Response:
    """A text of the account `1`, as each gateway wants it."""
    if gateway == "chatflow":
        query = {"token": TOKEN, "instance_id": "1", "jid": f"{to}@s.whatsapp.net", "msg": "Ждём вас"}
        return await client.http.get("/chatflow/api/v1/send-text", params=query)
    if gateway == "evolution":
        body, headers = {"number": to, "text": "Ждём вас"}, {"apikey": TOKEN}
        return await client.http.post("/evolution/message/sendText/1", json=body, headers=headers)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    return await client.http.post("/whatsapp_cloud/v23.0/1/messages", json=CLOUD_TEXT, headers=headers)


async def settled(client: Client) -> None:
    await asyncio.wait_for(client.server.whatsapp.settled(), 60)


async def shown(client: Client, chat: str = "") -> dict[str, Any]:
    view: dict[str, Any] = (await client.http.get("/_sandbox/view", params={"chat": chat})).json()
    return view


async def test_evolution_echoes_what_was_sent_through_it_with_the_same_id(client: Client) -> None:
    async with receiving(client, "evolution", "1") as receiver:
        answer = (await send(client, "evolution")).json()
        await settled(client)

    [call] = receiver.got
    data = call.body["data"]
    assert data["key"] == answer["key"] == {"remoteJid": JID, "fromMe": True, "id": answer["key"]["id"]}
    assert data["message"] == {"conversation": "Ждём вас"}


async def test_evolution_echoes_a_file_and_a_chat_that_hides_its_number(client: Client) -> None:
    body = {
        "number": "100077010000000@lid",
        "mediatype": "image",
        "media": "https://files.example/1.jpg",
        "caption": "Вот",
    }
    async with receiving(client, "evolution", "1") as receiver:
        await client.http.post("/evolution/message/sendMedia/1", json=body, headers={"apikey": TOKEN})
        await settled(client)

    [call] = receiver.got
    key, message = call.body["data"]["key"], call.body["data"]["message"]
    assert (key["remoteJid"], key["remoteJidAlt"]) == ("100077010000000@lid", JID)
    assert (message["imageMessage"]["caption"], message["mediaUrl"]) == ("Вот", "https://files.example/1.jpg")


async def test_the_cloud_api_reports_sent_then_delivered(client: Client) -> None:
    async with receiving(client, "whatsapp_cloud", "1") as receiver:
        [sent] = (await send(client, "whatsapp_cloud")).json()["messages"]
        await settled(client)

    receipts = [call.body["entry"][0]["changes"][0]["value"]["statuses"][0] for call in receiver.got]
    assert [(receipt["status"], receipt["id"], receipt["recipient_id"]) for receipt in receipts] == [
        ("sent", sent["id"], PERSON),
        ("delivered", sent["id"], PERSON),
    ]


async def test_chatflow_tells_nothing_of_what_was_sent(client: Client) -> None:
    async with receiving(client, "chatflow", "1") as receiver:
        assert (await send(client, "chatflow")).is_success
        await settled(client)

    assert receiver.got == []
    assert [row["text"] for row in client.server.whatsapp.conversation.values()] == ["Ждём вас"]


@pytest.mark.parametrize("first", [False, True])
async def test_an_echo_delays_no_answer_unless_it_shall_come_first(client: Client, *, first: bool) -> None:
    client.server.whatsapp.echo_first = first
    async with receiving(client, "evolution", "1") as receiver:
        receiver.delay = 0.3
        await send(client, "evolution")
        echoed = len(receiver.got)
        await settled(client)

    assert echoed == int(first)
    assert len(receiver.got) == 1


@pytest.mark.parametrize(("fault", "echoes"), [({"deliver": True}, 1), ({}, 0)])
async def test_an_echo_tells_that_a_message_without_an_answer_has_arrived(
    client: Client, fault: dict[str, Any], echoes: int
) -> None:
    await client.control("whatsapp/faults", does="drop", **fault)
    async with receiving(client, "evolution", "1") as receiver:
        with pytest.raises(httpx.RemoteProtocolError):
            await send(client, "evolution")
        await settled(client)

    assert len(receiver.got) == len(client.server.whatsapp.conversation) == echoes


@pytest.mark.parametrize("does", ["refuse", "limit", "fail"])
async def test_what_was_not_sent_has_no_echo(client: Client, does: str) -> None:
    await client.control("whatsapp/faults", does=does, deliver=True)
    async with receiving(client, "evolution", "1") as receiver:
        assert not (await send(client, "evolution")).is_success
        await settled(client)

    assert receiver.got == []
    assert client.server.whatsapp.conversation == {}


async def test_a_refused_echo_comes_again(client: Client) -> None:
    client.server.whatsapp.first_wait = 0.01
    async with receiving(client, "evolution", "1") as receiver:
        receiver.statuses = [500]
        await send(client, "evolution")
        await settled(client)

    assert len(receiver.got) == 2
    [row] = client.server.whatsapp.deliveries
    assert (row["what"], row["status"], row["tries"]) == ("echo", 200, 2)


@pytest.mark.parametrize("gateway", ["chatflow", "evolution", "whatsapp_cloud"])
async def test_a_chat_shows_both_directions(client: Client, gateway: str) -> None:
    known = {"gateway": gateway, "account": "1", "from": PERSON}
    file = {"kind": "image", "url": "https://files.example/1.jpg", "file_name": "1.jpg", "caption": "Так хочу"}
    await client.control("whatsapp/say", **known, name="Айгерим", text="Вы завтра работаете?")
    await client.control("whatsapp/say", **known, name="Айгерим", media=file)
    await send(client, gateway)
    await client.control("whatsapp/say", **known, text="Это я", from_me=True)

    view = await shown(client, f"wa:{gateway}:1:{PERSON}")

    [chat] = view["chats"]
    assert (chat["title"], chat["last"]["text"]) == ("Айгерим", "Это я")
    assert chat["say"] == known | {"name": "Айгерим"}
    assert [
        (message["from"]["first_name"], message["from"]["is_bot"], message["by_phone"], message["text"])
        for message in view["messages"]
    ] == [
        ("Айгерим", False, False, "Вы завтра работаете?"),
        ("Айгерим", False, False, "Так хочу"),
        ("1", True, False, "Ждём вас"),
        ("1", True, True, "Это я"),
    ]
    assert view["messages"][1]["photo"]["url"] == "https://files.example/1.jpg"


async def test_a_person_has_a_chat_with_each_account_the_latest_first(client: Client) -> None:
    for account in ("1", "2"):
        await client.control(
            "whatsapp/say", gateway="evolution", account=account, **{"from": PERSON}, text="x", lid=account == "2"
        )
    await send(client, "evolution")

    assert [chat["key"] for chat in (await shown(client))["chats"]] == [
        f"wa:evolution:1:{PERSON}",
        f"wa:evolution:2:{PERSON}",
    ]


async def test_where_nobody_has_written_somebody_can_begin(client: Client) -> None:
    await client.control("whatsapp/webhooks", gateway="evolution", account="1", url="http://127.0.0.1:9/hook")

    [chat] = (await shown(client))["chats"]
    assert (chat["say"]["account"], chat["last"]) == ("1", None)


async def test_neither_chats_nor_deliveries_tell_a_secret(client: Client) -> None:
    async with receiving(
        client, "evolution", "1", jwt_key="canary-key", app_secret="canary-secret", headers={"X-Key": "canary-header"}
    ):
        await send(client, "evolution")
        await settled(client)

    told = f"{await shown(client)}{list(client.server.whatsapp.deliveries)}{client.server.whatsapp.conversation}"
    assert "Ждём вас" in told
    assert "canary" not in told
    assert TOKEN not in told


async def test_the_page_has_whatsapps_part(client: Client) -> None:
    assert "whatsapp/say" in (await client.http.get("/page/actions.js")).text
