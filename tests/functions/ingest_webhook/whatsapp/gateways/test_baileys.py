"""What lies in Evolution's messages."""

from typing import Any

import pytest

from functions.ingest_webhook.whatsapp.message import Ignored, Media
from tests.functions.ingest_webhook.whatsapp.evolution_bodies import PHOTO, SILENT, read, record


def test_a_photo_is_fetched_from_evolutions_copy_or_by_message_never_encrypted() -> None:
    photo = read(PHOTO)

    assert (photo.kind, photo.text, photo.quoted_id) == ("image", "Так хочу", "3EB0QUOTED")
    assert photo.media == Media(None, "image/jpeg", None, "Так хочу", "3EB0000000000000000001")
    copy = read(PHOTO | {"mediaUrl": "https://files.example/1.jpg"})
    assert copy.media is not None
    assert copy.media.url == "https://files.example/1.jpg"


@pytest.mark.parametrize(
    ("message", "kind", "text"),
    [
        ({"extendedTextMessage": {"text": "привет"}}, "text", "привет"),
        ({"conversation": "привет"} | SILENT, "text", "привет"),
        ({"conversation": "привет", "senderKeyDistributionMessage": {"groupId": "1"}}, "text", "привет"),
        ({"imageMessage": {}}, "image", ""),
        ({"audioMessage": {"mimetype": "audio/ogg; codecs=opus", "ptt": True}}, "voice", ""),
        ({"audioMessage": {"mimetype": "audio/mp4", "ptt": False}}, "audio", ""),
        ({"videoMessage": {"caption": "видео"}}, "video", "видео"),
        ({"ptvMessage": {}}, "video", ""),
        ({"documentMessage": {"fileName": "прайс.pdf", "caption": "прайс"}}, "document", "прайс"),
        ({"stickerMessage": {"mimetype": "image/webp"}}, "sticker", ""),
        ({"lottieStickerMessage": {"message": {"stickerMessage": {}}}}, "sticker", ""),
        ({"ephemeralMessage": {"message": {"conversation": "исчезнет"}}}, "text", "исчезнет"),
        ({"viewOnceMessageV2": {"message": PHOTO}}, "image", "Так хочу"),
        ({"ephemeralMessage": {"message": {"viewOnceMessage": {"message": PHOTO}}}}, "image", "Так хочу"),
        ({"documentWithCaptionMessage": {"message": {"documentMessage": {"caption": "х"}}}}, "document", "х"),
        ({"associatedChildMessage": {"message": PHOTO}} | SILENT, "image", "Так хочу"),
        (
            {
                "locationMessage": {
                    "degreesLatitude": 51.1,
                    "degreesLongitude": 71.4,
                    "name": "Салон",
                }
            },
            "location",
            "Салон, 51.1,71.4",
        ),
        ({"liveLocationMessage": {"degreesLatitude": 51.1, "degreesLongitude": 71.4}}, "location", "51.1,71.4"),
        ({"conversation": "", "locationMessage": {"degreesLatitude": 1, "degreesLongitude": 2}}, "location", "1,2"),
        (
            {
                "contactMessage": {
                    "displayName": "Марат",
                    "vcard": "BEGIN:VCARD\nitem1.TEL;waid=79160000001:+7 916 000-00-01\nEND:VCARD",
                }
            },
            "contact",
            "Марат, +7 916 000-00-01",
        ),
        ({"contactsArrayMessage": {"contacts": [{"displayName": "А"}, None, {"displayName": "Б"}]}}, "contact", "А\nБ"),
        ({"buttonsResponseMessage": {"selectedDisplayText": "Да"}}, "text", "Да"),
        ({"templateButtonReplyMessage": {"selectedDisplayText": "Да"}}, "text", "Да"),
        ({"listResponseMessage": {"title": "Стрижка"}}, "text", "Стрижка"),
        ({"interactiveResponseMessage": {"body": {"text": "Да"}}}, "text", "Да"),
        ({"pollCreationMessageV3": {"name": "Когда?"}}, "other", "Когда?"),
        ({"somethingNew": {"x": 1}}, "other", ""),
    ],
)
def test_a_message_of_any_kind_is_understood(message: dict[str, Any], kind: str, text: str) -> None:
    found = read(message)

    assert (found.kind, found.text) == (kind, text)


@pytest.mark.parametrize("emoji", ["👍", ""])
def test_a_reaction_names_its_message_and_an_empty_one_takes_it_back(emoji: str) -> None:
    found = read({"reactionMessage": {"key": {"id": "3EB0OURS", "fromMe": True}, "text": emoji}})

    assert (found.kind, found.text, found.quoted_id) == ("reaction", emoji, "3EB0OURS")


@pytest.mark.parametrize("kind", [14, "MESSAGE_EDIT"])
@pytest.mark.parametrize("wrapped", [True, False], ids=["wrapped", "bare"])
def test_a_correction_is_a_message_that_quotes_what_it_corrects(*, kind: Any, wrapped: bool) -> None:
    edit = {"key": {"id": "3EB0WRONG"}, "type": kind, "editedMessage": {"conversation": "В шесть, не в пять"}}
    message = {"protocolMessage": edit}
    found = read({"editedMessage": {"message": message}} if wrapped else message)

    assert (found.kind, found.text, found.quoted_id) == ("text", "В шесть, не в пять", "3EB0WRONG")
    assert found.external_id == "3EB0000000000000000001"


@pytest.mark.parametrize(
    "message",
    [
        {"protocolMessage": {"key": {"id": "3EB0"}, "type": 0}},
        {"protocolMessage": {"key": {"id": "3EB0"}, "type": "REVOKE"}},
        {"protocolMessage": {"key": {"id": "3EB0"}}},
        {"protocolMessage": {"type": "EPHEMERAL_SETTING"}} | SILENT,
        {"protocolMessage": {}},
        {"senderKeyDistributionMessage": {"groupId": "1"}},
        {"albumMessage": {"expectedImageCount": 10}} | SILENT,
        {"pollUpdateMessage": {"vote": {}}},
        {"pinInChatMessage": {"type": 1}},
        SILENT,
    ],
)
def test_deletions_and_talk_between_devices_concern_nobody(message: dict[str, Any]) -> None:
    assert record(message) == Ignored("a protocol message")


def test_a_text_that_quotes_says_what_whichever_level_tells() -> None:
    lifted = read({"conversation": "да"}, contextInfo={"stanzaId": "3EB0A"})
    inside = read({"extendedTextMessage": {"text": "да", "contextInfo": {"stanzaId": "3EB0A"}}})

    assert lifted.quoted_id == inside.quoted_id == "3EB0A"


def test_layers_without_end_are_left_alone() -> None:
    message: dict[str, Any] = {"conversation": "дно"}
    for _ in range(5000):
        message = {"ephemeralMessage": {"message": message}}

    assert read(message).kind == "other"
