"""What a person writes comes to the account's webhook as each gateway brings it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from infra.sandbox.whatsapp.models import ChatMessage, Webhook
from tests.infra.sandbox.receiving import receiving

if TYPE_CHECKING:
    from tests.infra.sandbox.conftest import Client
    from tests.infra.sandbox.receiving import Call

PERSON, LID = "77010000000", "100077010000000@lid"
JID = f"{PERSON}@s.whatsapp.net"
SECRET = "canary-of-the-gateway"
VOICE = {"kind": "voice", "url": "https://files.example/1.ogg", "mime": "audio/ogg"}
PRICE = {
    "kind": "document",
    "url": "https://files.example/1.pdf",
    "mime": "application/pdf",
    "file_name": "Прайс.pdf",
    "caption": "Этот?",
}


async def say(client: Client, gateway: str, **written: object) -> dict[str, Any]:
    known = {"gateway": gateway, "account": "salon-1", "from": PERSON, "name": "Айгерим"}
    return await client.control("whatsapp/say", **(known | written))


async def heard(client: Client, gateway: str, **written: object) -> tuple[dict[str, Any], Any]:
    """What `say` answered, and the webhook that came."""
    async with receiving(client, gateway, "salon-1") as receiver:
        said = await say(client, gateway, **written)
    [call] = receiver.got
    return said, call.body


def value(body: Any, field: str = "messages") -> dict[str, Any]:
    """What the Cloud API's only change holds."""
    [change] = body["entry"][0]["changes"]
    assert (body["object"], change["field"]) == ("whatsapp_business_account", field)
    inside: dict[str, Any] = change["value"]
    assert (inside["messaging_product"], inside["metadata"]["phone_number_id"]) == ("whatsapp", "salon-1")
    return inside


async def test_a_text_comes_by_chatflow_in_its_shape(client: Client) -> None:
    said, body = await heard(client, "chatflow", text="Вы завтра работаете?")

    metadata = body["metadata"]
    assert abs(metadata.pop("timestamp") - time.time()) < 10
    assert metadata == {"sender": "Айгерим", "messageId": said["id"], "remoteJid": JID}
    assert (body["messageType"], body["message"], body["mediaData"]) == ("text", "Вы завтра работаете?", None)
    assert body["nodeData"]["webHook"]["method"] == "POST"
    assert (said["status"], said["tries"]) == (200, 1)


async def test_a_text_comes_by_evolution_in_its_envelope(client: Client) -> None:
    said, body = await heard(client, "evolution", text="Вы завтра работаете?")

    data = body["data"]
    assert (body["event"], body["instance"], body["apikey"]) == ("messages.upsert", "salon-1", None)
    assert data["key"] == {"remoteJid": JID, "fromMe": False, "id": said["id"]}
    assert (data["message"], data["messageType"]) == ({"conversation": "Вы завтра работаете?"}, "conversation")
    assert (data["pushName"], data["status"]) == ("Айгерим", "DELIVERY_ACK")
    assert abs(data["messageTimestamp"] - time.time()) < 10


async def test_a_text_comes_by_the_cloud_api_among_its_arrays(client: Client) -> None:
    said, body = await heard(client, "whatsapp_cloud", text="Вы завтра работаете?")

    inside = value(body)
    [contact], [message] = inside["contacts"], inside["messages"]
    assert (contact["profile"], contact["wa_id"]) == ({"name": "Айгерим"}, PERSON)
    assert abs(int(message.pop("timestamp")) - time.time()) < 10
    assert message == {"from": PERSON, "id": said["id"], "type": "text", "text": {"body": "Вы завтра работаете?"}}
    assert said["id"].startswith("wamid.")


async def test_a_voice_message_is_a_marked_audio_everywhere(client: Client) -> None:
    _, flow = await heard(client, "chatflow", media=VOICE)
    _, own = await heard(client, "evolution", media=VOICE)
    _, cloud = await heard(client, "whatsapp_cloud", media=VOICE)

    data, audio = flow["mediaData"], value(cloud)["messages"][0]["audio"]
    assert (flow["messageType"], flow["message"]) == ("audio", None)
    assert (data["ptt"], data["url"], data["mimetype"]) == (True, VOICE["url"], "audio/ogg")
    assert own["data"]["messageType"] == "audioMessage"
    assert own["data"]["message"]["audioMessage"]["ptt"] is True
    assert own["data"]["message"]["mediaUrl"] == VOICE["url"]
    assert (audio["voice"], audio["url"], audio["mime_type"]) == (True, VOICE["url"], "audio/ogg")


async def test_a_document_comes_with_its_name_and_caption(client: Client) -> None:
    _, flow = await heard(client, "chatflow", media=PRICE)
    _, own = await heard(client, "evolution", media=PRICE)
    _, cloud = await heard(client, "whatsapp_cloud", media=PRICE)

    inside = own["data"]["message"]["documentWithCaptionMessage"]["message"]["documentMessage"]
    document = value(cloud)["messages"][0]["document"]
    assert (flow["mediaData"]["fileName"], flow["mediaData"]["caption"]) == ("Прайс.pdf", "Этот?")
    assert (inside["fileName"], inside["caption"]) == ("Прайс.pdf", "Этот?")
    assert (document["filename"], document["caption"]) == ("Прайс.pdf", "Этот?")


async def test_what_the_owner_types_on_the_phone_is_marked_as_ours(client: Client) -> None:
    _, flow = await heard(client, "chatflow", text="Да", from_me=True)
    _, own = await heard(client, "evolution", text="Да", from_me=True)
    _, cloud = await heard(client, "whatsapp_cloud", text="Да", from_me=True)

    assert flow["metadata"]["fromMe"] is True
    assert own["data"]["key"]["fromMe"] is True
    assert own["data"]["pushName"] == "Você"
    [echo] = value(cloud, "smb_message_echoes")["message_echoes"]
    assert (echo["to"], echo["text"]) == (PERSON, {"body": "Да"})
    assert echo["from"] != PERSON


async def test_a_hidden_number_is_reported_as_far_as_the_gateway_reports_it(client: Client) -> None:
    _, flow = await heard(client, "chatflow", text="x", lid=True)
    _, own = await heard(client, "evolution", text="x", lid=True)
    _, cloud = await heard(client, "whatsapp_cloud", text="x", lid=True)

    key = own["data"]["key"]
    assert flow["metadata"]["remoteJid"] == LID
    assert (key["remoteJid"], key["remoteJidAlt"], key["addressingMode"]) == (LID, JID, "lid")
    assert PERSON not in json.dumps(cloud)
    [contact], [message] = value(cloud)["contacts"], value(cloud)["messages"]
    assert contact["user_id"] == message["from_user_id"]


async def test_the_cloud_api_signs_what_it_sends(client: Client) -> None:
    async with receiving(client, "whatsapp_cloud", "salon-1", app_secret=SECRET) as receiver:
        await say(client, "whatsapp_cloud", text="Здравствуйте")

    [call] = receiver.got
    mac = hmac.new(SECRET.encode(), call.content, hashlib.sha256).hexdigest()
    assert call.headers["x-hub-signature-256"] == f"sha256={mac}"
    assert call.content.isascii()


async def test_evolution_vouches_for_itself_with_one_token_for_all_tries(client: Client) -> None:
    client.server.whatsapp.first_wait = 0.01
    async with receiving(client, "evolution", "salon-1", jwt_key=SECRET, headers={"X-Ours": "yes"}) as receiver:
        receiver.statuses = [503]
        await say(client, "evolution", text="Здравствуйте")

    first, second = receiver.got
    claims = _claims(first)
    assert claims == {"iat": claims["iat"], "exp": claims["iat"] + 600, "app": "evolution", "action": "webhook"}
    assert abs(claims["iat"] - time.time()) < 10
    assert first.headers["authorization"] == second.headers["authorization"]
    assert (first.headers["x-ours"], first.content) == ("yes", second.content)
    assert "Здравствуйте".encode() in first.content


def _claims(call: Call) -> dict[str, Any]:
    scheme, _, token = call.headers["authorization"].partition(" ")
    said, _, signature = token.rpartition(".")
    mac = hmac.new(SECRET.encode(), said.encode(), hashlib.sha256).digest()
    assert (scheme, signature) == ("Bearer", base64.urlsafe_b64encode(mac).rstrip(b"=").decode())
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(said.partition(".")[2] + "=="))
    return claims


async def test_an_id_may_be_given_and_come_twice(client: Client) -> None:
    async with receiving(client, "chatflow", "salon-1") as receiver:
        said = [await say(client, "chatflow", text="x", id="3F01") for _ in range(2)]

    assert [message["id"] for message in said] == ["3F01", "3F01"]
    assert [call.body["metadata"]["messageId"] for call in receiver.got] == ["3F01", "3F01"]
    assert len(client.server.whatsapp.conversation) == 1


async def test_an_account_has_a_webhook_of_its_own(client: Client) -> None:
    async with receiving(client, "evolution", "salon-1") as one, receiving(client, "evolution", "salon-2") as other:
        await say(client, "evolution", account="salon-2", text="x")

    assert (len(one.got), len(other.got)) == (0, 1)


async def test_the_state_takes_webhooks_and_words_without_http(client: Client) -> None:
    whatsapp = client.server.whatsapp
    async with receiving(client, "chatflow", "another") as receiver:
        whatsapp.register(Webhook(gateway="evolution", account="salon-1", url=receiver.url))
        said = await whatsapp.say(ChatMessage(gateway="evolution", account="salon-1", person=PERSON, text="x"))

    assert said.pop("n") == 1
    assert said == {"id": receiver.got[0].body["data"]["key"]["id"], "status": 200, "tries": 1}
    [row] = whatsapp.deliveries
    row.pop("unix")
    assert row == {"gateway": "evolution", "account": "salon-1", "what": "message"} | said


@pytest.mark.parametrize(
    "wrong",
    [{}, {"text": ""}, {"text": "x", "from": "Айгерим"}, {"text": "x", "shout": True}, {"media": {"kind": "pigeon"}}],
)
async def test_words_that_cannot_be_said_are_refused(client: Client, wrong: dict[str, Any]) -> None:
    answer = await client.http.post(
        "/_sandbox/whatsapp/say", json={"gateway": "evolution", "account": "a", "from": PERSON} | wrong
    )

    assert answer.status_code == 422
