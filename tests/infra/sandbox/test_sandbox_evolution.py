"""Evolution's stand-in answers as the source of 2.3 does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.infra.sandbox.receiving import receiving

if TYPE_CHECKING:
    from tests.infra.sandbox.conftest import Client

TO = "77010000001"
ADDRESS = "https://files.example/a.jpg"


async def post(client: Client, path: str, body: object) -> tuple[int, Any]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = await client.http.post(f"/evolution/{path}", content=content, headers={"apikey": "key"})
    return answer.status_code, answer.json()


async def test_an_answer_has_the_message_and_its_event_is_send_message(client: Client) -> None:
    async with receiving(client, "evolution", "i") as receiver:
        status, body = await post(client, "message/sendText/i", {"number": "+7 (701) 000-00-01", "text": "x"})
        await client.server.whatsapp.settled()

    assert (status, body["key"]["remoteJid"], body["message"]) == (201, f"{TO}@s.whatsapp.net", {"conversation": "x"})
    assert (body["messageType"], type(body["messageTimestamp"]), body["status"]) == ("conversation", int, "PENDING")
    assert receiver.got[0].body["event"] == "send.message"
    assert receiver.got[0].body["data"]["key"] == body["key"]


@pytest.mark.parametrize(
    ("method", "more", "kind"),
    [
        ("sendMedia", {"mediatype": "image", "media": ADDRESS}, "imageMessage"),
        ("sendMedia", {"mediatype": "document", "media": "aGVsbG8=", "fileName": "a.txt"}, "documentMessage"),
        ("sendWhatsAppAudio", {"audio": ADDRESS}, "audioMessage"),
    ],
)
async def test_a_file_is_answered_with_its_message(client: Client, method: str, more: Any, kind: str) -> None:
    status, body = await post(client, f"message/{method}/i", {"number": TO} | more)

    assert (status, body["messageType"]) == (201, kind)


@pytest.mark.parametrize(
    ("path", "body", "status", "message"),
    [
        ("message/sendText/i", {"text": "x"}, 400, [['instance requires property "number"']]),
        ("message/sendText/i", {"number": TO, "text": "  "}, 400, ["Text is required"]),
        ("message/sendText/i", {"number": 7, "text": "x"}, 400, [["Invalid format"]]),
        ("message/sendText/i", b"{", 400, ["the body is no JSON object"]),
        ("message/sendMedia/i", {"number": TO, "mediatype": "image", "media": "?"}, 400,
         ["Owned media must be a url or base64"]),
        ("message/sendMedia/i", {"number": TO, "mediatype": "poem", "media": ADDRESS}, 400,
         [["mediatype is not one of enum values: image,document,video,audio"]]),
        ("message/sendMedia/i", {"number": TO, "mediatype": "document", "media": "aGVsbG8="}, 400,
         ["For base64 the file name must be informed."]),
        ("message/sendWhatsAppAudio/i", {"number": TO, "audio": "?"}, 400,
         ["Owned media must be a url, base64, or valid file with buffer"]),
        ("message/sendPoll/i", {"number": TO}, 404, ["This sandbox lacks sendPoll, which Evolution has"]),
        ("message/sendPigeon/i", {"number": TO}, 404, ["Cannot POST /evolution/message/sendPigeon/i"]),
        ("chat/getBase64FromMediaMessage/i", {"message": {}}, 400, ["Message not found"]),
        ("chat/whatsappNumbers/i", {}, 400, [['instance requires property "numbers"']]),
    ],
)  # fmt: skip
async def test_what_it_refuses(client: Client, path: str, body: object, status: int, message: object) -> None:
    got, answer = await post(client, path, body)

    assert (got, answer["response"]["message"]) == (status, message)
    assert not client.server.whatsapp.journal


async def test_an_upload_is_taken_as_a_form(client: Client) -> None:
    form, files = {"number": TO, "mediatype": "image"}, {"file": ("a.jpg", b"bytes", "image/jpeg")}
    headers = {"apikey": "key"}
    answer = await client.http.post("/evolution/message/sendMedia/i", data=form, files=files, headers=headers)

    assert (answer.status_code, answer.json()["messageType"]) == (201, "imageMessage")


async def test_webhooks_are_set_found_and_called_by_events(client: Client) -> None:
    async with receiving(client, "evolution", "i") as receiver:
        about = {"enabled": True, "url": receiver.url, "events": ["MESSAGES_UPSERT"], "byEvents": True}
        status, _ = await post(client, "webhook/set/i", {"webhook": about})
        found = (await client.http.get("/evolution/webhook/find/i", headers={"apikey": "key"})).json()
        said = await client.control("whatsapp/say", gateway="evolution", account="i", **{"from": TO}, text="x")

    assert (status, found["webhookByEvents"]) == (201, True)
    assert (said["status"], receiver.got) == (404, []), "it has no such address"


async def test_numbers_are_looked_up_and_messages_marked_as_read(client: Client) -> None:
    _, [found] = await post(client, "chat/whatsappNumbers/i", {"numbers": ["+7 701 000 00 01"]})
    status, _ = await post(client, "chat/markMessageAsRead/i", {"readMessages": [{"id": "1"}]})
    instances = (await client.http.get("/evolution/instance/fetchInstances", headers={"apikey": "key"})).json()

    assert (found["jid"], found["exists"], status) == (f"{TO}@s.whatsapp.net", True, 201)
    assert [instance["name"] for instance in instances] == ["i"]
