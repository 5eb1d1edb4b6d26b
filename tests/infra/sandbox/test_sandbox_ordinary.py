"""What an ordinary bot meets in its first week: subscriptions, places, read receipts, people who are not there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from telegram import Bot, ChatMemberAdministrator, ChatMemberBanned, ChatMemberLeft, ChatMemberMember

from infra.sandbox.yclients.state import MAX_PER_MINUTE, YClients
from tests.infra.sandbox.receiving import receiving

if TYPE_CHECKING:
    from tests.infra.sandbox.conftest import Client

PERSON, GROUP, PHONE = 4100000085, -1001900000085, "77010000085"
KEY = {"apikey": "key"}


async def cloud(client: Client, text: str) -> str:
    body = {"messaging_product": "whatsapp", "to": PHONE, "text": {"body": text}}
    headers = {"Authorization": "Bearer any"}
    answer = await client.http.post("/whatsapp_cloud/v23.0/1085/messages", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["messages"][0]["id"])


async def evolution(client: Client, text: str) -> Any:
    body = {"number": PHONE, "text": text}
    return (await client.http.post("/evolution/message/sendText/shop", json=body, headers=KEY)).json()


async def test_people_in_a_group_are_what_was_said(client: Client) -> None:
    statuses = {str(PERSON): "left", str(PERSON + 1): "kicked", str(PERSON + 2): "administrator"}
    await client.control("chats", chat_id=GROUP, statuses=statuses)
    async with Bot(client.token, base_url=f"{client.server.url}/bot") as bot:
        members = [await bot.get_chat_member(GROUP, PERSON + number) for number in range(4)]
        administrators = [member.user.id for member in await bot.get_chat_administrators(GROUP)]

    kinds = [ChatMemberLeft, ChatMemberBanned, ChatMemberAdministrator, ChatMemberMember]
    assert [type(member) for member in members] == kinds
    assert PERSON + 2 in administrators
    refused = await client.http.post("/_sandbox/chats", json={"chat_id": GROUP, "statuses": {"1": "owner"}})
    assert refused.status_code == 422


async def test_contacts_places_and_dice_are_sent(client: Client) -> None:
    async with Bot(client.token, base_url=f"{client.server.url}/bot") as bot:
        contact = (await bot.send_contact(PERSON, "+77010000085", "Вера", last_name="Ли")).contact
        location = (await bot.send_location(PERSON, 43.238, 76.945)).location
        venue = (await bot.send_venue(PERSON, 43.238, 76.945, "Салон", "Абая, 1")).venue
        dice = (await bot.send_dice(PERSON)).dice
        copied = await bot.copy_message(PERSON, PERSON, 2)

    assert contact
    assert (contact.phone_number, contact.first_name, contact.last_name) == ("+77010000085", "Вера", "Ли")
    assert location
    assert (location.latitude, location.longitude) == (43.238, 76.945)
    assert venue
    assert (venue.title, venue.address, venue.location) == ("Салон", "Абая, 1", location)
    assert dice
    assert dice.value in range(1, 7)
    assert copied.message_id


@pytest.mark.parametrize(
    ("method", "params", "reason"),
    [
        ("sendContact", {"first_name": "Вера"}, 'parameter "phone_number" is required'),
        ("sendContact", {"phone_number": "1"}, 'parameter "first_name" is required'),
        ("sendLocation", {"longitude": 1}, "latitude is empty"),
        ("sendLocation", {"latitude": 1}, "longitude is empty"),
        ("sendLocation", {"latitude": 91, "longitude": 1}, "wrong location specified"),
        ("sendLocation", {"latitude": "nan", "longitude": 1}, "wrong location specified"),
        ("sendLocation", {"latitude": "north", "longitude": 1}, "wrong location specified"),
        ("sendVenue", {"latitude": 1, "longitude": 1}, 'parameter "title" is required'),
        ("sendDice", {"emoji": "🃏"}, "this sandbox throws 🎲 🎯 🎳 🏀 ⚽ 🎰 alone"),
    ],
)
async def test_wrong_ones_are_refused(client: Client, method: str, params: dict[str, Any], reason: str) -> None:
    assert await client.refusal(method, chat_id=PERSON, **params) == f"Bad Request: {reason}"


async def test_people_read_what_was_sent_to_them(client: Client) -> None:
    async with receiving(client, "whatsapp_cloud", "1085") as receiver:
        sent = await cloud(client, "Ждём вас")
        await client.server.whatsapp.settled()
        receiver.got.clear()
        person = {"from": PHONE}
        read = await client.control("whatsapp/read", gateway="whatsapp_cloud", account="1085", **person)
        again = await client.control("whatsapp/read", gateway="whatsapp_cloud", account="1085", **person)

    [call] = receiver.got
    [status] = call.body["entry"][0]["changes"][0]["value"]["statuses"]
    assert (status["id"], status["status"], status["recipient_id"]) == (sent, "read", PHONE)
    assert (read, again) == ({"ids": [sent]}, {"ids": []})


async def test_evolution_tells_of_reading_in_its_own_words(client: Client) -> None:
    async with receiving(client, "evolution", "shop") as receiver:
        sent = (await evolution(client, "Ждём вас"))["key"]["id"]
        await client.server.whatsapp.settled()
        receiver.got.clear()
        await client.control("whatsapp/read", gateway="evolution", account="shop", **{"from": PHONE})

    [call] = receiver.got
    assert (call.body["event"], call.body["data"]["keyId"], call.body["data"]["status"]) == (
        "messages.update",
        sent,
        "READ",
    )


async def test_somebody_who_is_not_on_whatsapp_is_not_reached(client: Client) -> None:
    await evolution(client, "первое")
    await client.control("whatsapp/people", number=PHONE, on_whatsapp=False)
    numbers = {"numbers": [PHONE, "77010000086"]}
    found = (await client.http.post("/evolution/chat/whatsappNumbers/shop", json=numbers, headers=KEY)).json()
    refused = await evolution(client, "второе")
    async with receiving(client, "whatsapp_cloud", "1085") as receiver:
        await cloud(client, "третье")
        await client.server.whatsapp.settled()
    await client.control("whatsapp/people", number=PHONE, on_whatsapp=True)
    reached = await evolution(client, "четвёртое")

    assert [row["exists"] for row in found] == [False, True]
    assert refused["response"]["message"][0]["exists"] is False
    statuses = [call.body["entry"][0]["changes"][0]["value"]["statuses"][0] for call in receiver.got]
    assert [status["status"] for status in statuses] == ["sent", "failed"]
    assert statuses[1]["errors"][0]["code"] == 131026
    assert reached["status"] == "PENDING"


@pytest.mark.parametrize(
    ("path", "query", "message"),
    [
        ("send-text", {"jid": PHONE, "msg": "x"}, "jid is no address of WhatsApp, such as 77010000001@s.whatsapp.net"),
        ("send-text", {"jid": f"{PHONE}@c.us"}, "msg is required"),
        ("n8n/action/text", {"flow_id": "f", "msg": "x"}, "recipient is required"),
        ("n8n/action/text", {"flow_id": "f", "recipient": PHONE}, "msg is required"),
    ],
)
async def test_chatflow_refuses_what_cannot_arrive(
    client: Client, path: str, query: dict[str, str], message: str
) -> None:
    token = {"token": "t", "instance_id": "i"}
    answer = await client.http.get(f"/chatflow/api/v1/{path}", params=token | query)

    assert (answer.status_code, answer.json()) == (400, {"success": False, "message": message})
    assert list(client.server.whatsapp.journal) == []


def test_yclients_takes_five_calls_a_second_and_two_hundred_a_minute() -> None:
    yclients = YClients()
    assert all(yclients.admits(1) for _ in range(6))  # no limit

    limited = YClients()
    limited.is_limited = True
    assert [limited.admits(10) for _ in range(6)] == [True] * 5 + [False]
    assert limited.admits(11)
    busy = YClients()
    busy.is_limited = True
    taken = [busy.admits(100 + number * 0.25) for number in range(240)]
    assert (taken.count(True), taken.index(False)) == (200, 200)
    assert busy.admits(161)


async def test_who_calls_yclients_too_often_is_told(client: Client) -> None:
    headers = {"Authorization": "Bearer p, User u", "Accept": "application/vnd.yclients.v2+json"}
    for _ in range(MAX_PER_MINUTE):
        client.server.yclients.admits(time.monotonic())
    client.server.yclients.is_limited = True
    answer = await client.http.get("/yclients/records/7", headers=headers)

    assert (answer.status_code, answer.json()["success"]) == (429, False)
