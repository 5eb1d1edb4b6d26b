"""What holds for each gateway: the same messages become the same records, whatever they look like."""

from typing import Any

import pytest
from hypothesis import given

from functions.ingest_webhook.inbox import Unparsed
from functions.ingest_webhook.whatsapp.events import Correction
from functions.ingest_webhook.whatsapp.message import Ignored, Kind, ParsedMessage
from tests.functions.ingest_webhook.whatsapp.bodies import (
    CUSTOMER,
    JID,
    MOMENT,
    SECONDS,
    again,
    any_json,
    check,
    damaged,
    only,
)
from tests.functions.ingest_webhook.whatsapp.gateways.chatflow_cases import CHATFLOW
from tests.functions.ingest_webhook.whatsapp.gateways.cloud_cases import CLOUD
from tests.functions.ingest_webhook.whatsapp.gateways.evolution_cases import EVOLUTION
from tests.functions.ingest_webhook.whatsapp.gateways.gateway import NAME, TEXT, Gateway

GATEWAYS = {"chatflow": CHATFLOW, "evolution": EVOLUTION, "whatsapp_cloud": CLOUD}


def cases(table: str) -> list[Any]:
    """Each row of each gateway's table, after its gateway."""
    return [
        pytest.param(gateway, *(row if isinstance(row, tuple) else (row,)), id=f"{name}-{number}")
        for name, gateway in GATEWAYS.items()
        for number, row in enumerate(getattr(gateway, table))
    ]


each_gateway = pytest.mark.parametrize("gateway", GATEWAYS.values(), ids=GATEWAYS)


@each_gateway
def test_a_text_is_a_message_of_the_customer_who_wrote_it(gateway: Gateway) -> None:
    assert gateway.parse(gateway.text) == [
        ParsedMessage(
            external_id=gateway.text_id,
            account=gateway.account,
            addresses=gateway.addresses,
            from_me=False,
            kind="text",
            text=TEXT,
            media=None,
            name=NAME,
            sent_at=MOMENT,
            quoted_id=None,
            raw=gateway.text_raw,
        )
    ]
    assert only(gateway.parse(gateway.text)).phone == CUSTOMER


@each_gateway
def test_what_was_typed_on_the_phone_is_ours_and_names_nobody(gateway: Gateway) -> None:
    own = only(gateway.parse(gateway.own))

    assert (own.from_me, own.name, own.text) == (True, None, TEXT)
    assert (own.remote_jid, own.phone) == (JID, CUSTOMER)


@each_gateway
def test_a_photo_brings_its_file_and_its_caption(gateway: Gateway) -> None:
    photo = only(gateway.parse(gateway.photo))

    assert (photo.kind, photo.text, photo.quoted_id) == ("image", "Так хочу", gateway.photo_quotes)
    assert photo.media == gateway.photo_media


@pytest.mark.parametrize(("gateway", "body", "kind", "text"), cases("kinds"))
def test_a_message_of_any_kind_is_parsed(gateway: Gateway, body: Any, kind: Kind, text: str) -> None:
    found = only(gateway.parse(body))

    assert (found.kind, found.text) == (kind, text)


@pytest.mark.parametrize(("gateway", "seconds", "moment"), cases("times"))
def test_a_time_is_parsed_in_every_spelling_or_missing(gateway: Gateway, seconds: Any, moment: Any) -> None:
    assert only(gateway.parse(gateway.text_at(seconds))).sent_at == moment


@pytest.mark.parametrize(("gateway", "body", "emoji", "quoted_id"), cases("reactions"))
def test_a_reaction_names_its_message_and_an_empty_one_takes_it_back(
    gateway: Gateway, body: Any, emoji: str, quoted_id: str
) -> None:
    found = only(gateway.parse(body))

    assert (found.kind, found.text, found.quoted_id) == ("reaction", emoji, quoted_id)


@pytest.mark.parametrize(("gateway", "body", "original_id", "text"), cases("corrections"))
def test_a_correction_names_what_it_corrects_and_the_new_words(
    gateway: Gateway, body: Any, original_id: str, text: str | None
) -> None:
    [found] = gateway.parse(body)

    assert isinstance(found, Correction)
    assert (found.account, found.original_id, found.text) == (gateway.account, original_id, text)


@pytest.mark.parametrize(("gateway", "body", "reason"), cases("ignored"))
def test_what_is_no_message_of_a_customer_is_ignored(gateway: Gateway, body: Any, reason: str | None) -> None:
    [record] = gateway.parse(body)

    assert isinstance(record, Ignored)
    assert reason in (None, record.reason)


@pytest.mark.parametrize(("gateway", "body"), cases("unparsed"))
def test_what_cannot_be_parsed_is_kept_for_a_person_to_look_at(gateway: Gateway, body: Any) -> None:
    assert [type(record) for record in gateway.parse(body)] == [Unparsed]


@each_gateway
def test_without_an_id_a_repetition_is_the_same_message_and_another_is_another(gateway: Gateway) -> None:
    body, other = gateway.without_id
    first = only(gateway.parse(body)).external_id

    assert first.startswith(f"{JID}:{SECONDS}:")
    assert only(gateway.parse(again(body))).external_id == first
    assert only(gateway.parse(other)).external_id != first


@each_gateway
def test_no_json_breaks_a_parser(gateway: Gateway) -> None:
    @given(any_json)
    def parse_any(body: Any) -> None:
        for wrap in gateway.wrappers:
            check(gateway.parse(wrap(body)))

    parse_any()


@each_gateway
def test_no_damage_breaks_a_parser(gateway: Gateway) -> None:
    @given(damaged(gateway.damageable))
    def parse_damaged(body: Any) -> None:
        check(gateway.parse(body))

    parse_damaged()
