"""A world to begin with, planted by one call, and nobody is told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.infra.sandbox.conftest import BOT

if TYPE_CHECKING:
    from tests.infra.sandbox.conftest import Client

PERSON, GROUP = 4100000091, -1001900000091
CARD = {"inline_keyboard": [[{"text": "Беру", "callback_data": "take"}]]}
WORLD: dict[str, Any] = {
    "people": [{"id": PERSON, "first_name": "Вера", "last_name": "Ли", "username": "vera"}],
    "chats": [{"chat_id": GROUP, "title": "Кураторы", "topics": ["Глеб", "Дана"]}],
    "messages": [
        {"bot": BOT, "chat_id": PERSON, "text": "Здравствуйте"},
        {"bot": BOT, "chat_id": PERSON, "text": "Заявка", "from_bot": True, "more": {"reply_markup": CARD}},
        {"bot": BOT, "chat_id": GROUP, "text": "Кто возьмёт?", "from_id": PERSON, "topic": "Дана"},
    ],
    "whatsapp": [
        {"gateway": "evolution", "account": "shop", "from": "77010000091", "text": "Здравствуйте", "name": "Дина"},
        {"gateway": "evolution", "account": "shop", "from": "77010000091", "text": "Слушаем", "from_me": True},
    ],
    "records": [{"company_id": 7, "id": 3, "datetime": "2026-12-02T10:00:00+05:00", "client": "Дина"}],
}


async def test_a_world_is_planted_and_no_webhook_is_called(client: Client) -> None:
    await client.call("setWebhook", url="http://127.0.0.1:9/hook")
    planted = await client.control("seed", **WORLD)

    assert planted["topics"].keys() == {str(GROUP)}
    assert planted["topics"][str(GROUP)].keys() == {"Глеб", "Дана"}
    assert (len(planted["messages"]), len(planted["whatsapp"])) == (3, 2)
    assert (await client.http.get("/_sandbox/webhooks")).json() == []
    assert (await client.call("getWebhookInfo"))["result"]["pending_update_count"] == 0
    found = (await client.http.get("/_sandbox/messages", params={"from": "any"})).json()
    assert [event["text"] for event in found if event["kind"] != "service"] == [
        "Здравствуйте",
        "Заявка",
        "Кто возьмёт?",
        "Здравствуйте",
        "Слушаем",
    ]
    assert planted["n"] == found[-1]["n"]
    records = (await client.http.get("/_sandbox/yclients/records")).json()
    assert [(record["id"], record["client"]) for record in records] == [(3, "Дина")]


async def test_people_and_chats_are_there_for_the_bot(client: Client) -> None:
    await client.control("settings", strict_chats=True)
    planted = await client.control("seed", **WORLD)
    thread = planted["topics"][str(GROUP)]["Дана"]
    card = planted["messages"][1]

    person = (await client.call("getChat", chat_id=PERSON))["result"]
    assert (person["first_name"], person["username"]) == ("Вера", "vera")
    group = (await client.call("getChat", chat_id=GROUP))["result"]
    assert (group["title"], group["is_forum"]) == ("Кураторы", True)
    assert (await client.call("sendMessage", chat_id=GROUP, text="Я", message_thread_id=thread))["ok"]
    assert (await client.call("sendMessage", chat_id=PERSON, text="Ждите"))["ok"]
    pressed = await client.control("press", bot=BOT, data="take", **card)
    [update] = (await client.call("getUpdates"))["result"]
    assert update["callback_query"]["message"]["text"] == "Заявка"
    assert update["callback_query"]["from"]["first_name"] == "Вера"
    assert pressed["n"] > planted["n"]


@pytest.mark.parametrize(
    ("seed", "named"),
    [
        ({"people": [{"id": 0, "first_name": "Вера"}]}, "people.0.id"),
        ({"messages": [{"bot": BOT, "chat_id": GROUP, "text": "x"}]}, "messages.0: say from_id"),
        ({"messages": [{"bot": BOT, "chat_id": PERSON}]}, "messages.0: write a text"),
        ({"messages": [{"bot": BOT, "chat_id": PERSON, "text": "x", "topic": "Глеб"}]}, "messages.0.topic"),
        ({"whatsapp": [{"gateway": "evolution", "account": "a", "from": "?", "text": "x"}]}, "whatsapp.0.from"),
        ({"records": [{"company_id": 7, "id": 3}]}, "records.0.datetime"),
        ({"pets": []}, "pets"),
    ],
)
async def test_a_wrong_seed_is_refused_as_a_whole(client: Client, seed: dict[str, Any], named: str) -> None:
    answer = await client.http.post("/_sandbox/seed", json=seed | {"chats": [{"chat_id": GROUP, "title": "Кураторы"}]})

    assert (answer.status_code, answer.json()["error"].startswith(named)) == (422, True), answer.text
    assert client.server.telegram.chats == {}
