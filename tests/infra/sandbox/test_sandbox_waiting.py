"""Tests of anybody's own bot: wait for what it writes, find the latest message, begin anew."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from infra.sandbox.telegram.state import Telegram
from infra.sandbox.testing.events import MAX_WAITING
from tests.helpers.waiting import until
from tests.infra.sandbox.conftest import BOT, TOKEN

if TYPE_CHECKING:
    from tests.infra.sandbox.conftest import Client

PERSON, GROUP = 4100000081, -1001900000081
PHONE = "77010000081"
BUTTONS = {"inline_keyboard": [[{"text": "Беру", "callback_data": "take"}], [{"text": "Сайт", "url": "https://a.ru"}]]}


async def ask(client: Client, path: str, **query: Any) -> httpx.Response:
    named = {name.rstrip("_"): value for name, value in query.items()}
    return await client.http.get(f"/_sandbox/{path}", params=named, timeout=30)


async def begin_to_wait(client: Client, **query: Any) -> asyncio.Task[httpx.Response]:
    events = client.server.events
    before = events.waiting_count
    task = asyncio.create_task(ask(client, "wait", **query))
    await until(lambda: events.waiting_count > before or task.done())
    return task


async def cloud(client: Client, text: str, to: str = PHONE) -> None:
    body = {"messaging_product": "whatsapp", "to": to, "text": {"body": text}}
    headers = {"Authorization": "Bearer any"}
    answer = await client.http.post("/whatsapp_cloud/v23.0/1081/messages", json=body, headers=headers)
    assert answer.status_code == 200, answer.text


async def test_who_waits_is_answered_by_the_message_that_matches(client: Client) -> None:
    waiting = await begin_to_wait(client, chat=PERSON, text="Принято")
    await client.call("sendMessage", chat_id=PERSON + 1, text="Принято")
    await client.call("sendMessage", chat_id=PERSON, text="Минуту")
    assert not waiting.done()
    sent = await client.call("sendMessage", chat_id=PERSON, text="Принято!", reply_markup=BUTTONS)

    event = (await waiting).json()
    assert event["message"] == sent["result"]
    assert (event["channel"], event["bot"], event["chat"]) == ("telegram", str(BOT), str(PERSON))
    assert (event["event"], event["kind"], event["text"], event["from_bot"]) == ("sent", "text", "Принято!", True)
    take, site = event["buttons"]
    assert (take["text"], take["data"], site["url"]) == ("Беру", "take", "https://a.ru")


async def test_who_waits_is_told_in_the_next_turn_of_the_loop() -> None:
    telegram = Telegram()
    chat = telegram.chat(BOT, PERSON)
    assert chat
    with telegram.events.waiting(lambda _event: True) as waiting:
        telegram.post(chat, telegram.bot_of(BOT).public(), {"text": "x"})

        assert waiting.done()


async def test_what_a_person_did_names_the_number_to_wait_after(client: Client) -> None:
    await client.call("sendMessage", chat_id=PERSON, text="эхо")
    said = await client.control("say", bot=BOT, chat_id=PERSON, text="эхо")
    await client.call("sendMessage", chat_id=PERSON, text="эхо, второй раз")

    event = (await ask(client, "wait", chat=PERSON, text="эхо", after=said["n"])).json()

    assert event["text"] == "эхо, второй раз"
    assert (await ask(client, "wait", chat=PERSON, text="эхо")).json()["text"] == "эхо"
    assert (await ask(client, "latest", chat=PERSON, text="эхо")).json()["n"] == event["n"]
    person = (await ask(client, "latest", chat=PERSON, from_="person")).json()
    assert (person["n"], person["from_bot"]) == (said["n"], False)


async def test_edits_toasts_and_deletions_are_waited_for_too(client: Client) -> None:
    number = (await client.call("sendMessage", chat_id=PERSON, text="Заявка", reply_markup=BUTTONS))["result"][
        "message_id"
    ]
    pressed = await client.control("press", bot=BOT, chat_id=PERSON, message_id=number, data="take")
    await client.call("answerCallbackQuery", callback_query_id=pressed["callback_query_id"], text="Ваша!")
    await client.call("editMessageText", chat_id=PERSON, message_id=number, text="Взята")
    await client.call("deleteMessage", chat_id=PERSON, message_id=number)

    events = (await ask(client, "messages", chat=PERSON, after=pressed["n"])).json()
    assert [(event["event"], event["kind"], event["text"]) for event in events] == [
        ("toast", "toast", "Ваша!"),
        ("edited", "text", "Взята"),
    ]
    deleted = (await ask(client, "wait", chat=PERSON, event="deleted")).json()
    assert deleted["message"]["message_id"] == number


async def test_files_topics_and_groups_are_told_apart(client: Client) -> None:
    made = await client.call("createForumTopic", chat_id=GROUP, name="Глеб")
    thread = made["result"]["message_thread_id"]
    await client.call("sendMessage", chat_id=GROUP, text="всем")
    await client.call("sendDocument", chat_id=GROUP, document="https://files.example/a.pdf", message_thread_id=thread)
    await client.control("say", bot=BOT, chat_id=GROUP, text="в тему", thread=thread)

    document = (await ask(client, "wait", chat=GROUP, kind="document")).json()
    assert (document["thread"], document["bot"]) == (thread, str(BOT))
    assert (await ask(client, "wait", chat=GROUP, thread=thread, from_="person")).json()["text"] == "в тему"
    every = (await ask(client, "messages", chat=GROUP, from_="any")).json()
    assert [event["kind"] for event in every] == ["service", "text", "document", "text"]
    assert len((await ask(client, "messages", chat=GROUP, from_="any", count=2)).json()) == 2


async def test_whatsapp_is_waited_for_in_the_same_way(client: Client) -> None:
    waiting = await begin_to_wait(client, channel="whatsapp_cloud", chat=f"+{PHONE}")
    await cloud(client, "Ждём вас")
    event = (await waiting).json()

    assert (event["account"], event["chat"], event["kind"], event["text"]) == ("1081", PHONE, "text", "Ждём вас")
    query = {"instance_id": "i", "jid": f"{PHONE}@s.whatsapp.net", "caption": " ", "imageurl": "http://a.ru/a.png"}
    await client.http.get("/chatflow/api/v1/send-image", params={**query, "token": "any"})
    image = (await ask(client, "wait", chat=f"{PHONE}@c.us", kind="image")).json()
    assert (image["channel"], image["account"]) == ("chatflow", "i")
    said = await client.control("whatsapp/say", gateway="evolution", account="e", **{"from": PHONE}, text="Да")
    answer = (await ask(client, "latest", account="e", from_="person")).json()
    assert (answer["n"], answer["message"]["id"]) == (said["n"], said["id"])


async def test_what_never_came_is_said_with_what_came_instead(client: Client) -> None:
    said = await client.control("say", bot=BOT, chat_id=PERSON, text="привет")
    await client.call("sendMessage", chat_id=PERSON, text=f"Ошибка {TOKEN}")
    answer = await ask(client, "wait", chat=PERSON, text="Принято", after=said["n"], timeout=0.05)

    body = answer.json()
    assert (answer.status_code, body["error"]) == (408, "no such message came within 0.05 s")
    assert body["asked"] == {"chat": str(PERSON), "text": "Принято", "after": said["n"], "timeout": 0.05}
    assert [event["text"] for event in body["latest_events"]] == [f"Ошибка {BOT}:***"]
    none = await ask(client, "latest", chat=1)
    assert (none.status_code, none.json()["error"]) == (404, "there is no such message")


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"timeout": 61}, "timeout"),
        ({"timeout": "soon"}, "timeout"),
        ({"after": -1}, "after"),
        ({"channel": "signal"}, "channel"),
        ({"message": "x"}, "message"),
        ({"thread": "first"}, "thread"),
    ],
)
async def test_wrong_questions_name_what_is_wrong(client: Client, query: Any, named: str) -> None:
    answer = await ask(client, "wait", **query)

    assert answer.status_code == 422
    assert answer.json()["error"].startswith(f"{named}: ")


async def test_only_so_many_wait_and_who_leaves_makes_room(client: Client) -> None:
    events = client.server.events
    limits = httpx.Limits(max_connections=MAX_WAITING)
    async with httpx.AsyncClient(base_url=client.server.url, trust_env=False, limits=limits, timeout=60) as many:
        path = "/_sandbox/wait?timeout=60"
        waiting = [asyncio.create_task(many.get(path)) for _ in range(MAX_WAITING)]
        await until(lambda: events.waiting_count == MAX_WAITING)
        refused = await ask(client, "wait")
        waiting.pop().cancel()
        await until(lambda: events.waiting_count < MAX_WAITING)
        again = await ask(client, "wait", timeout=0)
        await client.call("sendMessage", chat_id=PERSON, text="всем")
        answers = await asyncio.gather(*waiting)

    assert (refused.status_code, again.status_code) == (503, 408)
    assert "wait already" in refused.json()["error"]
    assert {answer.json()["text"] for answer in answers} == {"всем"}
    assert events.waiting_count == 0


async def test_reset_clears_every_channel_and_leaves_bots_where_they_are(client: Client) -> None:
    await client.call("setWebhook", url="http://127.0.0.1:9/hook")
    first = (await client.call("sendMessage", chat_id=PERSON, text="до"))["result"]["message_id"]
    await cloud(client, "до")
    await client.control("faults", status=500)
    for path, fault in (("whatsapp", {"does": "limit"}), ("model", {"does": "quota"}), ("yclients", {"does": "drop"})):
        await client.http.post(f"/_sandbox/{path}/faults", json=fault)
    await client.control("yclients/records", company_id=7, id=1)
    n = client.server.events.count
    await client.control("reset")

    for path in ("journal", "faults", "messages", "webhooks", "yclients/records"):
        assert (await client.http.get(f"/_sandbox/{path}")).json() == [], path
    for name in ("whatsapp", "model", "yclients"):
        assert (await client.http.get(f"/_sandbox/{name}/faults")).json() == []
        assert (await client.http.get(f"/_sandbox/{name}/journal")).json() == []
    view = (await client.http.get("/_sandbox/view")).json()
    assert (view["chats"], [bot["id"] for bot in view["bots"]]) == ([], [BOT])
    assert (await client.call("getWebhookInfo"))["result"]["url"] == "http://127.0.0.1:9/hook"
    second = (await client.call("sendMessage", chat_id=PERSON, text="после"))["result"]["message_id"]
    assert second > first
    assert (await ask(client, "latest")).json()["n"] > n


async def test_after_a_reset_updates_are_numbered_on(client: Client) -> None:
    """A bot that polls has told the server which updates it knows."""
    before = await client.control("say", bot=BOT, chat_id=PERSON, text="раз")
    await client.call("getUpdates", offset=before["update_id"] + 1)
    await client.control("reset")
    after = await client.control("say", bot=BOT, chat_id=PERSON, text="два")

    [update] = (await client.call("getUpdates", offset=before["update_id"] + 1))["result"]
    assert update["update_id"] == after["update_id"] > before["update_id"]


async def test_a_strict_sandbox_is_strict_after_a_reset() -> None:
    telegram = Telegram(is_strict=True)
    telegram.strict_chats = False
    telegram.reset()

    assert telegram.strict_chats
    assert telegram.chat(BOT, PERSON) is None


async def test_whatsapps_faults_are_listed_and_cleared(client: Client) -> None:
    armed = await client.http.post("/_sandbox/whatsapp/faults", json={"does": "fail", "times": 2})
    listed = await client.http.get("/_sandbox/whatsapp/faults")
    cleared = await client.http.delete("/_sandbox/whatsapp/faults")

    assert armed.json() == listed.json()
    assert (listed.json()[0]["does"], cleared.json(), client.server.whatsapp.faults) == ("fail", [], [])


async def test_who_waits_is_told_when_the_sandbox_ends(client: Client) -> None:
    waiting = await begin_to_wait(client, timeout=60)
    client.server.stop()

    assert ((await waiting).status_code, (await waiting).json()["error"]) == (503, "the sandbox ends")
