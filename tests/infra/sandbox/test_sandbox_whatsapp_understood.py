"""Our own readers understand what the stand-ins send, whatever a person does."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from functions.ingest_webhook.whatsapp.gateways import chatflow, cloud, evolution
from functions.ingest_webhook.whatsapp.gateways.signatures import has_evolution_token, has_meta_signature
from functions.ingest_webhook.whatsapp.message import ParsedMessage, Record
from infra.sandbox.whatsapp.models import ChatMessage, File, Webhook
from tests.infra.sandbox.receiving import receiving

if TYPE_CHECKING:
    from tests.infra.sandbox.conftest import Client

PERSON = "77010000000"
SECRET = "canary-of-the-gateway"
READERS: dict[str, Callable[[Any], list[Record]]] = {
    "chatflow": chatflow.parse,
    "evolution": evolution.parse,
    "whatsapp_cloud": cloud.parse,
}


def files() -> list[File | None]:
    """No file, and one of each kind."""
    known = {"url": "https://files.example/1", "file_name": "1.bin", "caption": "Так хочу"}
    kinds = {"image": "image/jpeg", "audio": "audio/mpeg", "voice": "audio/ogg", "video": "video/mp4"}
    return [
        None,
        *(File.model_validate({"kind": kind, "mime": mime} | known) for kind, mime in kinds.items()),
        File.model_validate({"kind": "document", "mime": "application/pdf"} | known),
    ]


@pytest.mark.parametrize("gateway", READERS)
@pytest.mark.parametrize("from_me", [False, True])
async def test_every_kind_of_message_is_read_as_it_was_meant(client: Client, gateway: Any, *, from_me: bool) -> None:
    whatsapp = client.server.whatsapp
    async with receiving(client, gateway, "1") as receiver:
        for file in files():
            text = "" if file else "Вы завтра работаете?"
            written = ChatMessage(
                gateway=gateway,
                account="1",
                person=PERSON,
                name="Айгерим",
                text=text,
                media=file,
                from_me=from_me,
            )
            said = await whatsapp.say(written)
            [read] = READERS[gateway](receiver.got[-1].body)

            assert isinstance(read, ParsedMessage)
            assert (read.external_id, read.phone, read.from_me) == (said["id"], PERSON, from_me)
            assert read.kind == (file.kind if file else "text")
            assert read.name == (None if from_me else "Айгерим")
            assert read.sent_at is not None
            if file:
                assert read.media is not None
                assert (read.media.url, read.media.mime) == (file.url, file.mime)
            else:
                assert read.text == "Вы завтра работаете?"


@pytest.mark.parametrize(("gateway", "phone"), [("chatflow", None), ("evolution", PERSON), ("whatsapp_cloud", None)])
async def test_a_hidden_number_is_known_only_where_the_gateway_tells_it(
    client: Client, gateway: Any, phone: str | None
) -> None:
    async with receiving(client, gateway, "1") as receiver:
        written = ChatMessage(gateway=gateway, account="1", person=PERSON, text="x", lid=True)
        await client.server.whatsapp.say(written)

    [read] = READERS[gateway](receiver.got[0].body)
    assert isinstance(read, ParsedMessage)
    assert read.phone == phone


async def test_signatures_and_tokens_are_good(client: Client) -> None:
    whatsapp = client.server.whatsapp
    async with receiving(client, "chatflow", "1") as receiver:
        whatsapp.register(Webhook(gateway="evolution", account="1", url=receiver.url, jwt_key=SECRET))
        whatsapp.register(Webhook(gateway="whatsapp_cloud", account="1", url=receiver.url, app_secret=SECRET))
        own = await whatsapp.say(ChatMessage(gateway="evolution", account="1", person=PERSON, text="Здравствуйте"))
        await whatsapp.say(ChatMessage(gateway="whatsapp_cloud", account="1", person=PERSON, text="Здравствуйте"))

    first, second = receiver.got
    now = whatsapp.conversation["evolution", "1", own["id"]]["unix"]
    assert has_evolution_token(first.headers["authorization"], SECRET, now)
    assert has_meta_signature(second.content, second.headers["x-hub-signature-256"], SECRET)
