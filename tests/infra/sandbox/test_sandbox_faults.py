"""Faults on demand: what the caller sees, and what counts as delivered."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.helpers.waiting import until

if TYPE_CHECKING:
    from tests.infra.sandbox.conftest import Client

PERSON = 4100000002


def _messages(client: Client) -> int:
    chat = client.server.telegram.chats.get((7100000001, PERSON))
    return len(chat.messages) if chat else 0


@pytest.mark.parametrize(
    ("fault", "header", "parameters"),
    [
        ({"parameters": {"retry_after": 7}}, "7", {"retry_after": 7}),
        ({"parameters": {"retry_after": 7}, "headers": {}}, None, {"retry_after": 7}),
        ({"headers": {"Retry-After": "7"}}, "7", None),
        ({"parameters": {"retry_after": "soon"}, "headers": {}}, None, {"retry_after": "soon"}),
    ],
)
async def test_a_429_can_say_its_pause_in_any_place(
    client: Client, fault: dict[str, object], header: str | None, parameters: object
) -> None:
    await client.control("faults", status=429, **fault)
    answer = await client.send("sendMessage", chat_id=PERSON, text="x")

    assert answer.status_code == 429
    assert answer.headers.get("Retry-After") == header
    assert answer.json().get("parameters") == parameters
    assert _messages(client) == 0


async def test_a_fault_meets_only_its_calls_and_is_used_up(client: Client) -> None:
    await client.control("faults", method="sendMessage", chat_id=PERSON, times=2, status=502)
    calls = [("getMe", 0), ("sendMessage", PERSON + 1), *[("sendMessage", PERSON)] * 3]
    answers = [await client.send(name, chat_id=chat, text="x") for name, chat in calls]

    assert [answer.status_code for answer in answers] == [200, 200, 502, 502, 200]


async def test_a_refusal_may_hide_a_delivered_message(client: Client) -> None:
    await client.control("faults", status=500, deliver=True)
    answer = await client.send("sendMessage", chat_id=PERSON, text="x")

    assert answer.status_code == 500
    assert _messages(client) == 1
    assert (await client.journal())[0]["delivered"] is True


async def test_an_answer_can_be_anything(client: Client) -> None:
    page = {"status": 502, "content_type": "text/html", "body": "<h1>Bad Gateway</h1>"}
    await client.control("faults", raw=page)
    await client.control("faults", raw={"content_type": "application/json", "body": ""})

    answers = [await client.send("getMe") for _ in range(2)]
    assert answers[0].text == "<h1>Bad Gateway</h1>"
    assert (answers[1].status_code, answers[1].content) == (200, b"")
    assert [row["answer"] for row in await client.journal()] == ["<h1>Bad Gateway</h1>", ""]


@pytest.mark.parametrize("fault", [{"hang": True}, {"reset": True}, {"drip": 0.02}])
async def test_a_lost_answer_leaves_a_delivered_message(client: Client, fault: dict[str, object]) -> None:
    await client.control("faults", **fault)
    call = asyncio.create_task(client.send("sendMessage", chat_id=PERSON, text="x"))
    await until(lambda: _messages(client))
    await asyncio.wait({call}, timeout=0.3)
    call.cancel()
    with pytest.raises((httpx.TransportError, asyncio.CancelledError)):
        await call

    assert _messages(client) == 1
    assert (await client.journal())[0]["delivered"] is True


async def test_a_late_answer_is_a_whole_answer(client: Client) -> None:
    await client.control("faults", delay_s=0.1)
    started = time.monotonic()

    assert (await client.call("sendMessage", chat_id=PERSON, text="x"))["ok"]
    assert time.monotonic() - started >= 0.1


async def test_late_answers_can_be_called_for(client: Client) -> None:
    await client.control("faults", delay_s=600, times=2)
    calls = [asyncio.create_task(client.call("sendMessage", chat_id=PERSON, text="x")) for _ in range(2)]
    await until(lambda: _messages(client) == 2)
    client.server.telegram.faults.release()

    assert [(await call)["ok"] for call in calls] == [True, True]


async def test_the_sender_can_be_killed_after_delivery(client: Client) -> None:
    url = f"{client.server.url}/bot{client.token}/sendMessage?chat_id={PERSON}&text=x"
    code = (
        f"import os, urllib.request as u\nu.urlopen(u.Request({url!r}, headers={{'X-Sandbox-Pid': str(os.getpid())}}))"
    )
    await client.control("faults", kill_pid_header=True)
    await client.call("sendMessage", chat_id=PERSON, text="без заголовка")
    victim = await asyncio.create_subprocess_exec(sys.executable, "-c", code)

    assert await victim.wait() == -signal.SIGKILL
    row = (await client.journal())[-1]
    assert (row["pid"], row["status"], row["delivered"]) == (victim.pid, None, True)


async def test_a_senseless_fault_is_refused(client: Client) -> None:
    for fault in ({}, {"hang": True, "reset": True}, {"delay_s": 1, "deliver": False}):
        answer = await client.http.post("/_sandbox/faults", json=fault)

        assert answer.status_code == 422


async def test_faults_can_be_taken_back(client: Client) -> None:
    await client.control("faults", status=500, times=-1)
    await client.http.delete("/_sandbox/faults")

    assert (await client.call("getMe"))["ok"]
