"""The WhatsApp Cloud API: its requests, what its codes mean; and what no gateway can do."""

import json
from typing import Any

import pytest

from shared.channels.outcome import Outcome
from shared.channels.whatsapp_cloud import call, classify
from shared.clients.http import HttpClient, HttpResponse
from shared.credentials.account import Account, Channel
from tests.shared.channels.conftest import ADDRESSES, WhatsApp


def error(code: int, **more: Any) -> bytes:
    return json.dumps(
        {"error": {"message": f"(#{code}) words", "type": "OAuthException", "code": code, **more}}
    ).encode()


@pytest.mark.parametrize(
    ("status", "body", "result", "error_class"),
    [
        (200, b'{"messages":[{"id":"wamid.A"}]}', "sent", None),
        (200, b'{"messages":[]}', "ambiguous", "not_whatsapp"),
        (200, b'{"messages":["wamid.A"]}', "ambiguous", "not_whatsapp"),
        (200, b"<html>hello</html>", "ambiguous", "not_whatsapp"),
        (401, error(190), "bot_refused", "bot_refused"),
        (403, error(10), "bot_refused", "bot_refused"),
        (403, error(200), "bot_refused", "bot_refused"),
        (500, error(3), "bot_refused", "bot_refused"),
        (400, error(100, error_subcode=33), "bot_refused", "bot_refused"),
        (400, error(100), "bad_request", "bad_request"),
        (403, error(131031), "bot_refused", "bot_refused"),
        (400, error(131026), "bad_request", "undeliverable"),
        (400, error(131030), "bad_request", "not_allowed"),
        (400, error(131047), "bad_request", "window_closed"),
        (403, error(130497), "bad_request", "bad_request"),
        (200, error(999999), "bad_request", "bad_request"),
        (500, error(131000), "transient", "server_error"),
        (503, error(131016), "transient", "server_error"),
        (500, error(999999), "transient", "server_error"),
        (502, b"<html>Bad Gateway</html>", "transient", "server_error"),
        (400, b"[" * 100_000, "bad_request", "bad_request"),
    ],
)
def test_an_answer_is_classified(status: int, body: bytes, result: str, error_class: str | None) -> None:
    outcome = classify(HttpResponse(status, {}, body))

    assert (outcome.result, outcome.error_class) == (result, error_class)


@pytest.mark.parametrize(
    ("code", "bot_wide"), [(4, True), (80007, True), (130429, True), (131048, True), (131056, False)]
)
def test_a_limit_is_the_accounts_or_the_pairs(code: int, *, bot_wide: bool) -> None:
    outcome = classify(HttpResponse(400, {}, error(code)))

    assert (outcome.result, outcome.retry_after, outcome.bot_wide) == ("rate_limited", 5.0, bot_wide)


async def test_a_text_arrives_and_gives_its_id(whatsapp: WhatsApp) -> None:
    outcome = await whatsapp.send("whatsapp_cloud", text="<i>добрый день</i>", parse_mode="HTML")

    assert outcome == Outcome("sent", http_status=200, external_id="wamid." + "0" * 19 + "1")
    [message] = await whatsapp.arrived()
    assert (message["account"], message["to"]) == (ADDRESSES["whatsapp_cloud"], "77010000001")
    assert (message["kind"], message["text"]) == ("text", "добрый день")


@pytest.mark.parametrize(
    ("method", "payload", "kind", "file_name"),
    [
        ("sendPhoto", {"photo": "https://example.com/a.jpg", "caption": "до"}, "image", ""),
        ("sendDocument", {"document": "https://example.com/1", "file_name": "счёт.pdf"}, "document", "счёт.pdf"),
        ("sendAudio", {"audio": "https://example.com/a.mp3"}, "audio", ""),
        ("sendVoice", {"voice": "https://example.com/a.ogg"}, "audio", ""),
        ("sendVideo", {"video": "https://example.com/a.mp4", "caption": "до"}, "video", ""),
    ],
)
async def test_a_file_arrives_by_its_address(
    whatsapp: WhatsApp, method: str, payload: dict[str, str], kind: str, file_name: str
) -> None:
    assert (await whatsapp.send("whatsapp_cloud", method, **payload)).result == "sent"

    [message] = await whatsapp.arrived()
    assert (message["kind"], message["file_name"]) == (kind, file_name)
    assert message["text"] == payload.get("caption", "")
    assert message["url"] in payload.values()


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ({"does": "refuse"}, Outcome("bot_refused", "bot_refused", 401)),
        ({"does": "limit"}, Outcome("rate_limited", "rate_limited", 400, retry_after=5.0, bot_wide=True)),
        ({"does": "fail", "code": 131047}, Outcome("bad_request", "window_closed", 400)),
        ({"does": "break"}, Outcome("transient", "server_error", 502)),
        ({"does": "drop"}, Outcome("ambiguous", "no_answer")),
    ],
)
async def test_a_fault_has_its_outcome(whatsapp: WhatsApp, fault: dict[str, Any], outcome: Outcome) -> None:
    await whatsapp.arm(**fault)

    assert await whatsapp.send("whatsapp_cloud", text="x") == outcome


class Recorder(HttpClient):
    """Keeps what would be sent."""

    def __init__(self) -> None:
        super().__init__(1)
        self.bodies: list[dict[str, Any]] = []

    async def call(self, method: str, url: str, *, most_bytes: int = 0, **request: Any) -> HttpResponse:  # noqa: ARG002
        self.bodies.append(request["json"])
        return HttpResponse(200, {}, b'{"messages":[{"id":"wamid.A"}]}')


@pytest.mark.parametrize(
    ("to", "recipient"),
    [
        ("77010000001@s.whatsapp.net", {"to": "77010000001"}),
        ("KZ.90000000000000000061", {"recipient": "KZ.90000000000000000061"}),
        ("US.ENT.11815799212886844830", {"recipient": "US.ENT.11815799212886844830"}),
        ("BR.1A2b3C4d", {"recipient": "BR.1A2b3C4d"}),
    ],
)
async def test_who_hides_the_number_is_addressed_as_a_recipient(to: str, recipient: dict[str, str]) -> None:
    """In `to` Meta answers 200 with an id, and drops the message."""
    client, account = Recorder(), Account("whatsapp_cloud", "", ADDRESSES["whatsapp_cloud"])
    outcome = await call(client, "https://graph.example", account, to, "sendMessage", {"text": "Да"})

    assert outcome.result == "sent"
    assert client.bodies == [
        {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            **recipient,
            "type": "text",
            "text": {"body": "Да"},
        }
    ]


async def test_the_stand_in_takes_a_recipient_too(whatsapp: WhatsApp) -> None:
    assert (await whatsapp.send("whatsapp_cloud", to="KZ.90000000000000000061", text="x")).result == "sent"
    [message] = await whatsapp.arrived()
    assert message["to"] == "KZ.90000000000000000061"


@pytest.mark.parametrize(
    "to", ["120363000000000001@g.us", "200000000000001@lid", "", "somebody", "KZ.", "KZ.ENT.", "7.9"]
)
async def test_who_is_no_phone_number_gets_no_request(whatsapp: WhatsApp, to: str) -> None:
    assert await whatsapp.send("whatsapp_cloud", to=to, text="x") == Outcome("bad_request", "not_supported")
    assert await whatsapp.arrived() == []


@pytest.mark.parametrize("channel", list(ADDRESSES))
@pytest.mark.parametrize(
    ("method", "payload"),
    [
        ("editMessageText", {"message_id": 5, "text": "x"}),
        ("createForumTopic", {"name": "x"}),
        ("sendMessage", {}),
        ("sendMessage", {"text": "<b></b>", "parse_mode": "HTML"}),
        ("sendPhoto", {"photo": "AgACAgIAAxkBAAIB"}),
        ("sendPhoto", {"photo": "file:///etc/hosts"}),
        ("sendDocument", {"document": "https:///a.pdf"}),
        ("sendVoice", {"voice": 5}),
        ("sendVideo", {}),
    ],
)
async def test_what_whatsapp_cannot_do_makes_no_request(
    whatsapp: WhatsApp, channel: Channel, method: str, payload: dict[str, Any]
) -> None:
    assert await whatsapp.send(channel, method, **payload) == Outcome("bad_request", "not_supported")
    assert await whatsapp.arrived() == []


@pytest.mark.parametrize("channel", list(ADDRESSES))
@pytest.mark.parametrize("does", ["break", "drop", "fail"])
async def test_nothing_is_repeated_below_us(whatsapp: WhatsApp, channel: Channel, does: str) -> None:
    """A client that repeats a GET by itself, as HTTP allows, would send ChatFlow's messages twice."""
    await whatsapp.arm(does, deliver=True)
    outcome = await whatsapp.send(channel, text="x")

    assert outcome.result != "sent"
    assert len(await whatsapp.arrived()) == 1


@pytest.mark.parametrize("channel", list(ADDRESSES))
async def test_a_telegram_chat_is_no_whatsapp_address(whatsapp: WhatsApp, channel: Channel) -> None:
    assert await whatsapp.send(channel, to=700_000_101, text="x") == Outcome("bad_request", "no_whatsapp_address")
    assert await whatsapp.arrived() == []


async def test_a_whatsapp_address_is_no_telegram_chat(whatsapp: WhatsApp) -> None:
    assert await whatsapp.send("telegram", address="-", text="x") == Outcome("bad_request", "no_telegram_chat")
