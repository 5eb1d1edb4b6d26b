"""The control surface: people who write and press, the journal, the page."""

from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from infra.local.web_server import address, listen
from infra.sandbox.server import config
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from tests.infra.sandbox.conftest import Client

BOT = 7100000001
PERSON = 4100000003
GROUP = -1004100000003


class Function:
    """A webhook that keeps what it gets and answers what it was told to."""

    def __init__(self) -> None:
        self.url = ""
        self.got: list[tuple[str | None, dict[str, Any]]] = []
        self.answer: dict[str, Any] = {}
        self.status = 200

    async def receive(self, request: Request) -> JSONResponse:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        self.got.append((secret, await request.json()))
        return JSONResponse(self.answer, self.status)


@asynccontextmanager
async def listening(client: Client, **hook: object) -> AsyncIterator[Function]:
    function, listener = Function(), listen(0)
    app = Starlette(routes=[Route("/hook", function.receive, methods=["POST"])])
    server = uvicorn.Server(config(app))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    await client.call("setWebhook", url=f"{address(listener)}/hook", **hook)
    yield function
    server.should_exit = True
    await task


async def test_what_a_person_says_reaches_the_webhook(client: Client) -> None:
    async with listening(client, secret_token="bell_ringer") as function:
        said = await client.control("say", bot=BOT, chat_id=PERSON, first_name="Вера", text="/start ring")

    secret, update = function.got[0]
    assert (said["status"], secret) == (200, "bell_ringer")
    message = update["message"]
    assert message["from"]["first_name"] == message["chat"]["first_name"] == "Вера"
    assert message["entities"] == [{"offset": 0, "length": 6, "type": "bot_command"}]


async def test_a_press_is_answered_once_and_by_its_own_bot(client: Client) -> None:
    sent = (await client.call("sendMessage", chat_id=PERSON, text="x"))["result"]
    async with listening(client) as function:
        pressed = await client.control("press", bot=BOT, chat_id=PERSON, message_id=sent["message_id"], data="take")

    query = function.got[0][1]["callback_query"]
    assert (query["data"], query["message"]["text"]) == ("take", "x")
    assert query["id"] == pressed["callback_query_id"]
    assert (await client.call("answerCallbackQuery", callback_query_id=query["id"]))["ok"]
    other = type(client)(client.server, client.http, f"7100000002:{'Z' * 35}")
    assert "query is too old" in await other.refusal("answerCallbackQuery", callback_query_id=query["id"])


async def test_a_method_in_the_webhooks_answer_is_performed(client: Client) -> None:
    async with listening(client) as function:
        function.answer = {"method": "sendMessage", "chat_id": PERSON, "text": "Принято"}
        said = await client.control("say", bot=BOT, chat_id=PERSON, text="Дон")
        function.answer = {"method": "deleteWebhook"}
        await client.control("say", bot=BOT, chat_id=PERSON, text="Дон")

    assert said["performed"] == "sendMessage"
    rows = await client.journal(chat=PERSON)
    assert [row["params"]["text"] for row in rows] == ["Принято"]
    assert (await client.call("getWebhookInfo"))["result"]["url"] != ""


async def test_get_webhook_info_reports_a_failing_webhook(client: Client) -> None:
    async with listening(client) as function:
        function.status = 500
        said = await client.control("say", bot=BOT, chat_id=PERSON, text="Дон")
        wrong = (await client.call("getWebhookInfo"))["result"]
    await client.call("deleteWebhook", drop_pending_updates=True)
    async with listening(client):
        pass
    lost = await client.control("say", bot=BOT, chat_id=PERSON, text="Дон")

    assert said["status"] == 500
    assert wrong["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"
    assert lost["error"] == "ConnectError"
    info = (await client.call("getWebhookInfo"))["result"]
    assert (info["last_error_message"], info["pending_update_count"]) == ("Connection failed", 1)


async def test_an_update_is_repeated_until_it_is_taken_and_others_wait_behind_it(client: Client) -> None:
    client.server.telegram.redelivery_seconds = 0.01
    async with listening(client) as function:
        function.status = 500
        first = await client.control("say", bot=BOT, chat_id=PERSON, text="Дин")
        second = await client.control("say", bot=BOT, chat_id=PERSON, text="Дон")
        waiting = (await client.call("getWebhookInfo"))["result"]["pending_update_count"]
        function.status = 200
        await until(lambda: not client.server.telegram.bot_of(BOT).pending)

    assert (first["status"], second["queued"], waiting) == (500, True, 2)
    texts = [update["message"]["text"] for _, update in function.got]
    assert texts[0] == "Дин"
    assert texts[-2:] == ["Дин", "Дон"]


async def test_of_two_polls_the_earlier_one_is_terminated(client: Client) -> None:
    waiting = asyncio.create_task(client.send("getUpdates", timeout=50))
    await until(lambda: client.server.telegram.bot_of(BOT).poll)
    later = await client.call("getUpdates")

    assert (await waiting).json()["description"].startswith("Conflict: terminated by other getUpdates request")
    assert later["result"] == []


async def test_a_person_who_blocks_the_bot_cannot_be_reached(client: Client) -> None:
    async with listening(client) as function:
        await client.control("member", bot=BOT, chat_id=PERSON, status="kicked")
        said = await client.refusal("sendMessage", chat_id=PERSON, text="x")
        await client.control("member", bot=BOT, chat_id=PERSON, status="member")

    assert said == "Forbidden: bot was blocked by the user"
    assert (await client.call("sendMessage", chat_id=PERSON, text="x"))["ok"]
    changes = [update["my_chat_member"] for _, update in function.got]
    assert [change["new_chat_member"]["status"] for change in changes] == ["kicked", "member"]
    ids = [update["update_id"] for _, update in function.got]
    assert ids[1] == ids[0] + 1


async def test_a_topics_message_carries_the_topic(client: Client) -> None:
    made = (await client.call("createForumTopic", chat_id=GROUP, name="Глеб"))["result"]
    thread = made["message_thread_id"]
    async with listening(client) as function:
        await client.control("say", bot=BOT, chat_id=GROUP, text="Дон", thread=thread)

    message = function.got[0][1]["message"]
    assert message["message_thread_id"] == thread
    assert message["is_topic_message"]
    assert message["reply_to_message"]["forum_topic_created"]["name"] == "Глеб"


async def test_without_a_webhook_updates_wait_for_polling(client: Client) -> None:
    poll = asyncio.create_task(client.call("getUpdates", timeout=3))
    await asyncio.sleep(0.05)
    await client.control("say", bot=BOT, chat_id=PERSON, text="Дон")

    update = (await poll)["result"][0]
    assert update["message"]["text"] == "Дон"
    confirmed = await client.call("getUpdates", offset=update["update_id"] + 1)
    assert confirmed["result"] == []


async def test_the_journal_is_filtered(client: Client) -> None:
    await client.call("getMe")
    await client.call("sendMessage", chat_id=PERSON, text="раз")
    await client.call("sendMessage", chat_id=GROUP, text="два")

    assert [row["n"] for row in await client.journal(method="sendmessage")] == [2, 3]
    assert [row["n"] for row in await client.journal(since=2)] == [3]
    assert [row["n"] for row in await client.journal(chat=PERSON, bot=BOT)] == [2]
    assert await client.journal(bot=5) == []


async def test_no_token_is_ever_shown(client: Client) -> None:
    secret = client.token.partition(":")[2]
    await client.call("sendMessage", chat_id=PERSON, text=f"мой токен {client.token}")
    await client.call("setWebhook", url="https://bells.example/", secret_token="bell_ringer")

    shown = [(await client.http.get(path)).text for path in ("/_sandbox/journal", "/_sandbox/view", "/")]
    assert "мой токен 7100000001:***" in shown[0]
    assert not [text for text in shown if secret in text or "bell_ringer" in text]


async def test_latency_and_reset(client: Client) -> None:
    await client.control("latency", seconds=0.1)
    answers = await asyncio.gather(*(client.send("getMe") for _ in range(20)))
    assert all(answer.elapsed.total_seconds() >= 0.1 for answer in answers)

    await client.control("reset")
    assert client.server.telegram.latency == 0
    assert await client.journal() == []


async def test_the_page_needs_nothing_from_elsewhere(client: Client) -> None:
    page = await client.http.get("/")
    named = re.findall(r'(?:src|href)="(page/[a-z]+\.(?:js|css))"', page.text)
    imported = re.findall(r'from "\./([a-z]+\.js)"', (await client.http.get("/page/main.js")).text)
    answers = [await client.http.get(f"/{file}") for file in [*named, *(f"page/{name}" for name in imported)]]

    assert page.headers["content-security-policy"].startswith("default-src 'self'; ")
    assert len(answers) > 8
    assert {answer.status_code for answer in answers} == {200}
    for text in (page.text, *(answer.text for answer in answers)):
        assert not [mark for mark in ("@import", "innerHTML", 'src="http', 'href="http', 'from "http') if mark in text]
    assert (await client.http.get("/page/routes.py")).status_code == 404
