"""ChatFlow: its query, its flows, and what its answers mean."""

import json
from typing import Any

import pytest

from shared.channels.chatflow import classify
from shared.channels.outcome import Outcome
from shared.clients.http import HttpResponse
from tests.shared.channels.conftest import TO, WhatsApp


@pytest.mark.parametrize(
    ("status", "body", "result"),
    [
        (200, {"success": True}, "sent"),
        (200, True, "sent"),
        (200, {"success": False, "message": "not connected"}, "transient"),
        (404, {"success": False, "message": "Flow ID not found"}, "bot_refused"),
        (404, {"success": False, "message": "Not found"}, "transient"),
        (400, {"success": False, "message": "jid is required"}, "bad_request"),
        (401, {"success": False, "message": "no"}, "bot_refused"),
        (403, {"success": False, "message": "no"}, "bot_refused"),
        (500, {"success": False, "message": "oops"}, "transient"),
        (500, {"success": True}, "transient"),
        (200, {"status": "queued"}, "ambiguous"),
        (200, {"success": "true"}, "ambiguous"),
        (200, False, "ambiguous"),
    ],
)
def test_an_answer_is_classified(status: int, body: Any, result: str) -> None:
    assert classify(HttpResponse(status, {}, json.dumps(body).encode())).result == result


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (200, "ambiguous"),
        (400, "bad_request"),
        (403, "transient"),
        (404, "transient"),
        (414, "too_long"),
        (429, "rate_limited"),
        (502, "transient"),
    ],
)
@pytest.mark.parametrize("body", [b"", b"<html>a proxy's page</html>", b"[" * 100_000])
def test_what_is_not_chatflows_counts_by_its_status(status: int, body: bytes, result: str) -> None:
    assert classify(HttpResponse(status, {}, body)).result == result


def test_a_429_is_the_whole_accounts_and_says_how_long() -> None:
    outcome = classify(HttpResponse(429, {"retry-after": "9"}, b'{"success":false,"message":"slow down"}'))

    assert (outcome.result, outcome.retry_after, outcome.bot_wide) == ("rate_limited", 9.0, True)


def test_an_id_that_they_give_is_kept() -> None:
    assert classify(HttpResponse(200, {}, b'{"success":true,"messageId":"3EB0"}')).external_id == "3EB0"


async def test_a_text_arrives_without_markup(whatsapp: WhatsApp) -> None:
    outcome = await whatsapp.send(
        "chatflow", text="<b>Вера</b> &amp; <a href='https://example.com/1'>запись</a>", parse_mode="HTML"
    )

    assert outcome == Outcome("sent", http_status=200)
    [message] = await whatsapp.arrived()
    assert message == {
        "gateway": "chatflow", "account": "instance-1", "to": TO, "kind": "text",
        "text": "Вера & запись (https://example.com/1)", "url": "", "file_name": "", "status": 200, "delivered": True,
    }  # fmt: skip


async def test_a_text_that_is_not_html_stays_as_it_is(whatsapp: WhatsApp) -> None:
    await whatsapp.send("chatflow", text="1 < 2 & <b>так</b> #100% + ?")

    assert (await whatsapp.arrived())[0]["text"] == "1 < 2 & <b>так</b> #100% + ?"


@pytest.mark.parametrize(
    ("method", "payload", "kind", "text"),
    [
        ("sendPhoto", {"photo": "https://example.com/a.jpg?x=1&y=2"}, "image", " "),
        ("sendDocument", {"document": "https://example.com/a.pdf", "caption": "счёт"}, "document", "счёт"),
        ("sendAudio", {"audio": "https://example.com/a.mp3"}, "audio", ""),
        ("sendVoice", {"voice": "https://example.com/a.ogg"}, "audio", ""),
        ("sendVideo", {"video": "https://example.com/a.mp4", "caption": ""}, "video", " "),
    ],
)
async def test_a_file_arrives_by_its_address(
    whatsapp: WhatsApp, method: str, payload: dict[str, str], kind: str, text: str
) -> None:
    assert (await whatsapp.send("chatflow", method, **payload)).result == "sent"

    [message] = await whatsapp.arrived()
    assert (message["kind"], message["text"]) == (kind, text)
    assert message["url"] in payload.values()


async def test_a_bare_number_becomes_an_address_and_any_other_address_stays(whatsapp: WhatsApp) -> None:
    for to in ("+77010000001", "77010000001@c.us", "120363000000000001@g.us"):
        await whatsapp.send("chatflow", to=to, text="x")

    assert [row["to"] for row in await whatsapp.arrived()] == [TO, "77010000001@c.us", "120363000000000001@g.us"]


async def test_a_flow_gets_texts_by_the_other_way(whatsapp: WhatsApp) -> None:
    outcome = await whatsapp.send("chatflow", address="flow:f-7", text="привет")

    assert outcome.result == "sent"
    [message] = await whatsapp.arrived()
    assert (message["account"], message["to"], message["text"]) == ("flow:f-7", "77010000001", "привет")


async def test_what_a_flow_cannot_do_makes_no_request(whatsapp: WhatsApp) -> None:
    photo = await whatsapp.send("chatflow", "sendPhoto", address="flow:f-7", photo="https://example.com/a.jpg")
    group = await whatsapp.send("chatflow", to="120363000000000001@g.us", address="flow:f-7", text="x")

    assert photo == group == Outcome("bad_request", "not_supported")
    assert await whatsapp.arrived() == []


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ({"does": "refuse"}, Outcome("bot_refused", "bot_refused", 401)),
        ({"does": "limit"}, Outcome("rate_limited", "rate_limited", 429, retry_after=5.0, bot_wide=True)),
        ({"does": "fail"}, Outcome("transient", "said_failed", 200)),
        ({"does": "break"}, Outcome("transient", "server_error", 502)),
        ({"does": "drop"}, Outcome("ambiguous", "no_answer")),
    ],
)
async def test_a_fault_has_its_outcome(whatsapp: WhatsApp, fault: dict[str, Any], outcome: Outcome) -> None:
    await whatsapp.arm(**fault)

    assert await whatsapp.send("chatflow", text="x") == outcome
