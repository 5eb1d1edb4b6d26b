"""The Evolution API: its requests, and what its answers mean."""

import json
from typing import Any

import pytest

from shared import config
from shared.channels.evolution import classify
from shared.channels.outcome import Outcome
from shared.channels.router import Channels
from shared.clients.http import HttpResponse
from shared.credentials.account import Account
from tests.shared.channels.conftest import WhatsApp


def problem(status: int, message: Any) -> bytes:
    return json.dumps({"status": status, "error": "words", "response": {"message": message}}).encode()


@pytest.mark.parametrize(
    ("status", "body", "result"),
    [
        (201, b'{"key":{"id":"BAE5"},"status":"PENDING"}', "sent"),
        (201, b'{"status":"PENDING"}', "ambiguous"),
        (201, b'{"key":{"id":5}}', "ambiguous"),
        (200, b"<html>hello</html>", "ambiguous"),
        (400, problem(400, [{"jid": "7@s.whatsapp.net", "exists": False, "number": "7"}]), "bad_request"),
        (400, problem(400, [['requires property "text"']]), "bad_request"),
        (400, problem(400, ["Owned media must be a url or base64"]), "bad_request"),
        (400, problem(400, None), "bad_request"),
        (400, problem(400, ["Error: Connection Closed"]), "transient"),
        (400, problem(400, ["PrismaClientKnownRequestError: could not save"]), "ambiguous"),
        (400, problem(400, ["TypeError: Cannot read properties of undefined"]), "ambiguous"),
        (400, problem(400, ["[object Object]"]), "ambiguous"),
        (401, problem(401, "Unauthorized"), "bot_refused"),
        (404, problem(404, ['The "salon" instance does not exist']), "bot_refused"),
        (404, b"404 page not found", "transient"),
        (403, b"<html>firewall</html>", "transient"),
        (429, b"Too Many Requests", "rate_limited"),
        (500, problem(500, "Connection Closed"), "transient"),
        (500, b"", "ambiguous"),
        (502, b"<html>Bad Gateway</html>", "ambiguous"),
        (503, b"<html>no server</html>", "transient"),
        (504, b"", "ambiguous"),
    ],
)
def test_an_answer_is_classified(status: int, body: bytes, result: str) -> None:
    assert classify(HttpResponse(status, {}, body)).result == result


async def test_a_text_arrives_and_gives_its_id(whatsapp: WhatsApp) -> None:
    outcome = await whatsapp.send("evolution", text="<i>добрый день</i>", parse_mode="HTML")

    assert outcome == Outcome("sent", http_status=201, external_id="0" * 19 + "1")
    [message] = await whatsapp.arrived()
    assert (message["account"], message["to"], message["text"]) == ("salon", "77010000001", "добрый день")


@pytest.mark.parametrize(
    ("method", "payload", "kind", "file_name"),
    [
        ("sendPhoto", {"photo": "https://example.com/a.jpg", "caption": "до"}, "image", ""),
        ("sendDocument", {"document": "https://example.com/x/a%20b.pdf?k=1", "caption": "до"}, "document", "a b.pdf"),
        ("sendAudio", {"audio": "https://example.com/a.mp3"}, "audio", ""),
        ("sendVoice", {"voice": "https://example.com/a.ogg"}, "voice", ""),
        ("sendVideo", {"video": "https://example.com/a.mp4", "caption": "до"}, "video", ""),
    ],
)
async def test_a_file_arrives_by_its_address(
    whatsapp: WhatsApp, method: str, payload: dict[str, str], kind: str, file_name: str
) -> None:
    assert (await whatsapp.send("evolution", method, **payload)).result == "sent"

    [message] = await whatsapp.arrived()
    assert (message["kind"], message["file_name"]) == (kind, file_name)
    assert message["text"] == payload.get("caption", "")
    assert message["url"] in payload.values()


async def test_an_instance_may_have_any_name(whatsapp: WhatsApp) -> None:
    await whatsapp.send("evolution", address="Салон на Абая #1", text="x")

    assert (await whatsapp.arrived())[0]["account"] == "Салон на Абая #1"


async def test_groups_and_hidden_numbers_keep_their_addresses(whatsapp: WhatsApp) -> None:
    for to in ("120363000000000001@g.us", "200000000000001@lid"):
        assert (await whatsapp.send("evolution", to=to, text="x")).result == "sent"

    assert [row["to"] for row in await whatsapp.arrived()] == ["120363000000000001@g.us", "200000000000001@lid"]


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ({"does": "refuse"}, Outcome("bot_refused", "bot_refused", 401)),
        ({"does": "limit"}, Outcome("rate_limited", "rate_limited", 429, retry_after=5.0, bot_wide=True)),
        ({"does": "fail"}, Outcome("bad_request", "no_whatsapp", 400)),
        ({"does": "break"}, Outcome("ambiguous", "server_error", 502)),
        ({"does": "drop"}, Outcome("ambiguous", "no_answer")),
    ],
)
async def test_a_fault_has_its_outcome(whatsapp: WhatsApp, fault: dict[str, Any], outcome: Outcome) -> None:
    await whatsapp.arm(**fault)

    assert await whatsapp.send("evolution", text="x") == outcome


async def test_without_an_address_of_the_gateway_nothing_is_lost() -> None:
    channels = Channels(config.load({"DATABASE_URL": "postgresql://nobody@127.0.0.1/nothing"}))
    outcome = await channels.call(Account("evolution", "t", "salon"), "77010000001", "sendMessage", {"text": "x"})

    assert outcome == Outcome("bot_refused", "no_gateway")  # it parks the account, and burns no try
