"""What lies in the Cloud API's messages."""

from typing import Any

import pytest

from functions.ingest_webhook.whatsapp.gateways.cloud import parse
from functions.ingest_webhook.whatsapp.message import Ignored, Media
from tests.functions.ingest_webhook.whatsapp.cloud_bodies import (
    PHOTO,
    change,
    envelope,
    message,
    read,
)
from tests.functions.ingest_webhook.whatsapp.shapes import (
    OTHER_CLIENT,
    SALON,
)


def test_a_photo_is_asked_for_by_its_id() -> None:
    photo = read(PHOTO)

    assert (photo.kind, photo.text) == ("image", "Так хочу")
    assert photo.media == Media(None, "image/jpeg", None, "Так хочу", "900001")


@pytest.mark.parametrize(
    ("content", "kind", "text"),
    [
        ({"type": "audio", "audio": {"id": "1", "voice": True}}, "voice", ""),
        ({"type": "audio", "audio": {"id": "1", "voice": False}}, "audio", ""),
        ({"type": "voice", "voice": {"id": "1"}}, "voice", ""),
        ({"type": "video", "video": {"id": "1", "caption": "видео"}}, "video", "видео"),
        ({"type": "document", "document": {"id": "1", "filename": "прайс.pdf"}}, "document", ""),
        ({"type": "sticker", "sticker": {"id": "1", "animated": True}}, "sticker", ""),
        ({"type": "image"}, "image", ""),
        (
            {
                "type": "location",
                "location": {"latitude": 51.1, "longitude": 71.4, "name": "Салон", "address": "Абая 1"},
            },
            "location",
            "Салон, Абая 1, 51.1,71.4",
        ),
        (
            {
                "type": "contacts",
                "contacts": [
                    {"name": {"formatted_name": "Марат"}, "phones": [{"phone": "+7 916 000-00-01"}, None]},
                    {"name": {"formatted_name": "Дина"}},
                ],
            },
            "contact",
            "Марат, +7 916 000-00-01\nДина",
        ),
        ({"type": "button", "button": {"payload": "yes", "text": "Да"}}, "text", "Да"),
        ({"type": "interactive", "interactive": {"button_reply": {"id": "1", "title": "Да"}}}, "text", "Да"),
        ({"type": "interactive", "interactive": {"list_reply": {"id": "1", "title": "Стрижка"}}}, "text", "Стрижка"),
        ({"type": "interactive", "interactive": {"nfm_reply": {"body": "Sent"}}}, "other", ""),
        ({"type": "interactive"}, "other", ""),
        ({"type": "order", "order": {"catalog_id": "1", "text": "без лука"}}, "other", "без лука"),
        ({"type": "unsupported", "errors": [{"code": 131051}]}, "other", ""),
        ({"type": "something_new", "something_new": 5}, "other", ""),
        ({"text": {"body": "без вида"}}, "text", "без вида"),
    ],
)
def test_a_message_of_any_kind_is_understood(content: dict[str, Any], kind: str, text: str) -> None:
    found = read(content)

    assert (found.kind, found.text) == (kind, text)


@pytest.mark.parametrize("reaction", [{"emoji": "👍"}, {"emoji": ""}, {}], ids=repr)
def test_a_reaction_names_its_message_and_an_empty_one_takes_it_back(reaction: dict[str, str]) -> None:
    found = read({"type": "reaction", "reaction": {"message_id": "wamid.OURS"} | reaction})

    assert (found.kind, found.text, found.quoted_id) == ("reaction", reaction.get("emoji", ""), "wamid.OURS")


def test_a_reply_names_what_it_answers_and_a_forwarded_message_answers_nothing() -> None:
    assert read(context={"from": SALON, "id": "wamid.OURS"}).quoted_id == "wamid.OURS"
    assert read(context={"forwarded": True}).quoted_id is None


def test_a_correction_is_a_message_that_quotes_what_it_corrects() -> None:
    better = {"context": {"id": "M0"}, "type": "text", "text": {"body": "В шесть, не в пять"}}
    found = read({"type": "edit", "edit": {"original_message_id": "wamid.WRONG", "message": better}})

    assert (found.kind, found.text, found.quoted_id) == ("text", "В шесть, не в пять", "wamid.WRONG")
    assert found.external_id == "wamid.A1"


@pytest.mark.parametrize(
    "content",
    [
        {"type": "revoke", "revoke": {"original_message_id": "wamid.WRONG"}},
        {"type": "system", "system": {"type": "user_changed_number", "wa_id": OTHER_CLIENT}},
        {"type": "request_welcome"},
        {"type": "text", "text": {"body": "всем"}, "group_id": "group-1"},
    ],
)
def test_deletions_notices_and_groups_concern_nobody(content: dict[str, Any]) -> None:
    assert [type(one) for one in parse(envelope(change([message(content)])))] == [Ignored]
