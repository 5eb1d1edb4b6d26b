"""What happens to a person's messages later, and calls, come to the webhook as the gateways bring them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from functions.ingest_webhook.whatsapp.events import Correction
from functions.ingest_webhook.whatsapp.gateways import cloud, evolution
from functions.ingest_webhook.whatsapp.message import ParsedMessage
from tests.infra.sandbox.receiving import receiving

if TYPE_CHECKING:
    from tests.infra.sandbox.conftest import Client

PERSON = "77010000000"
PARSERS = {"evolution": evolution.parse, "whatsapp_cloud": cloud.parse}


@pytest.mark.parametrize("gateway", PARSERS)
async def test_an_edit_brings_the_new_text_of_the_message(client: Client, gateway: str) -> None:
    known = {"gateway": gateway, "account": "salon-1"}
    async with receiving(client, gateway, "salon-1") as receiver:
        written = await client.control("whatsapp/say", **known, **{"from": PERSON, "name": "Айгерим", "text": "На 5"})
        edited = await client.control("whatsapp/edit", **known, id=written["id"], text="На 6")

    assert edited["status"] == 200
    [correction] = PARSERS[gateway](receiver.got[-1].body)
    assert isinstance(correction, Correction)
    assert (correction.original_id, correction.text) == (written["id"], "На 6")
    view = (await client.http.get("/_sandbox/view", params={"chat": ""})).text
    assert "На 6" in view
    assert "На 5" not in view


async def test_an_edit_of_nothing_calls_no_webhook(client: Client) -> None:
    async with receiving(client, "evolution", "salon-1") as receiver:
        edited = await client.control(
            "whatsapp/edit", gateway="evolution", account="salon-1", id="nothing", text="На 6"
        )

    assert edited["status"] is None
    assert receiver.got == []


@pytest.mark.parametrize(("answered", "missed"), [(False, 1), (True, 0)])
async def test_a_call_that_nobody_answers_is_a_missed_one(client: Client, *, answered: bool, missed: int) -> None:
    async with receiving(client, "evolution", "salon-1") as receiver:
        await client.control("whatsapp/call", account="salon-1", answered=answered, **{"from": PERSON})

    offer, end = receiver.got
    assert offer.body["data"]["id"] == end.body["data"]["id"]
    records = [record for call in (offer, end) for record in evolution.parse(call.body)]
    calls = [record for record in records if isinstance(record, ParsedMessage) and record.kind == "call"]
    assert len(calls) == missed
