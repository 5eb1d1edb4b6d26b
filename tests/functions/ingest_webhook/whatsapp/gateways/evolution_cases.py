"""Evolution's calls, with invented people."""

from typing import Any

from functions.ingest_webhook.whatsapp.gateways.evolution import parse
from functions.ingest_webhook.whatsapp.message import Kind, Media, ParsedMessage
from tests.functions.ingest_webhook.whatsapp.bodies import DESK_PHONE, JID, MOMENT, SECONDS, only
from tests.functions.ingest_webhook.whatsapp.gateways.gateway import CORRECTED, NAME, TEXT, TIMES, Gateway

LID = "123456789012345@lid"

SILENT = {"messageContextInfo": {"deviceListMetadataVersion": 2}}

PHOTO = {
    "imageMessage": {
        "url": "https://mmg.whatsapp.net/o1/v/encrypted.enc",
        "mimetype": "image/jpeg",
        "caption": "Так хочу",
        "contextInfo": {"stanzaId": "3EB0QUOTED"},
    }
}


def data(message: Any = None, key: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    known = {"remoteJid": JID, "fromMe": False, "id": "3EB0000000000000000001"}
    return {
        "key": known | (key or {}),
        "pushName": NAME,
        "status": "DELIVERY_ACK",
        "message": {"conversation": TEXT} if message is None else message,
        "messageType": "conversation",
        "messageTimestamp": SECONDS,
        "instanceId": "00000000-0000-4000-8000-000000000001",
        "source": "android",
    } | more


def envelope(contents: Any, event: Any = "messages.upsert") -> dict[str, Any]:
    return {
        "event": event,
        "instance": "salon-1",
        "data": contents,
        "destination": "https://functions.example/whatsapp/salon",
        "date_time": "2026-03-02T16:36:58.000Z",
        "sender": f"{DESK_PHONE}@s.whatsapp.net",
        "server_url": "https://evolution.example",
        "apikey": None,
    }


def call(message: Any = None, key: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return envelope(data(message, key, **more))


def read(message: Any = None, key: dict[str, Any] | None = None, **more: Any) -> ParsedMessage:
    return only(parse(call(message, key, **more)))


def _group(jid: str) -> dict[str, Any]:
    return call(key={"remoteJid": jid, "participant": JID})


def protocol(kind: Any, edited: Any = None, **key: Any) -> dict[str, Any]:
    """A protocol message about 3EB0WRONG. A contact's comes mirrored: as ours, in a chat with our own number."""
    mirrored = {"remoteJid": f"{DESK_PHONE}@s.whatsapp.net", "fromMe": True, "id": "3EB0WRONG"} | key
    return {"key": mirrored, "type": kind, "timestampMs": f"{SECONDS}123"} | (
        {"editedMessage": edited} if edited else {}
    )


def _corrections() -> list[tuple[Any, str, str | None]]:
    words = {"conversation": CORRECTED}
    bodies: list[tuple[Any, str | None]] = []
    for kind in (14, "MESSAGE_EDIT"):
        edit = protocol(kind, words)
        bodies += [
            (call({"protocolMessage": edit}), CORRECTED),
            (call({"editedMessage": {"message": {"protocolMessage": edit}}}), CORRECTED),
            (envelope(edit, "messages.edited"), CORRECTED),
            (envelope([edit], "messages-edited"), CORRECTED),
            (envelope(edit, "send.message.update"), CORRECTED),
        ]
    for edited in (
        {"message": words},
        {"extendedTextMessage": {"text": CORRECTED}},
        {"imageMessage": {"caption": CORRECTED}},
    ):
        bodies.append((envelope(protocol("MESSAGE_EDIT", edited), "messages.edited"), CORRECTED))
    key = protocol(0)["key"]
    bodies += [
        (envelope(data({"editedMessage": {"message": words}}, key), "messages.upsert"), CORRECTED),
        (
            envelope({"key": key, "update": {"message": {"editedMessage": {"message": words}}}}, "messages.update"),
            CORRECTED,
        ),
        (envelope(protocol("MESSAGE_EDIT", {"imageMessage": {}}), "messages.edited"), ""),  # a caption that was removed
        (call({"protocolMessage": protocol(0)}), None),
        (call({"protocolMessage": protocol("REVOKE")}), None),
        (envelope(protocol("REVOKE"), "messages.edited"), None),
        (envelope(key, "messages.delete"), None),
        (envelope({"id": "cmdb", "key": key, "status": "DELETED", "message": words}, "messages.delete"), None),
        (envelope([{"key": key, "update": {"message": None, "messageStubType": 1}}], "messages.update"), None),
    ]
    return [(body, "3EB0WRONG", text) for body, text in bodies]


def _reaction(emoji: str) -> dict[str, Any]:
    return call({"reactionMessage": {"key": {"id": "3EB0OURS", "fromMe": True}, "text": emoji}})


VCARD = "BEGIN:VCARD\nitem1.TEL;waid=79160000001:+7 916 000-00-01\nEND:VCARD"
PLACE = {"degreesLatitude": 51.1, "degreesLongitude": 71.4}
CONTACTS = [{"displayName": "А"}, None, {"displayName": "Б"}]
KINDS: list[tuple[dict[str, Any], Kind, str]] = [
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
    ({"locationMessage": PLACE | {"name": "Салон"}}, "location", "Салон, 51.1,71.4"),
    ({"liveLocationMessage": PLACE | {"caption": "еду"}}, "live_location", "51.1,71.4, еду"),
    ({"conversation": "", "locationMessage": {"degreesLatitude": 1, "degreesLongitude": 2}}, "location", "1,2"),
    ({"contactMessage": {"displayName": "Марат", "vcard": VCARD}}, "contact", "Марат, +7 916 000-00-01"),
    ({"contactsArrayMessage": {"contacts": CONTACTS}}, "contact", "А\nБ"),
    ({"buttonsResponseMessage": {"selectedDisplayText": "Да"}}, "text", "Да"),
    ({"templateButtonReplyMessage": {"selectedDisplayText": "Да"}}, "text", "Да"),
    ({"listResponseMessage": {"title": "Стрижка"}}, "text", "Стрижка"),
    ({"interactiveResponseMessage": {"body": {"text": "Да"}}}, "text", "Да"),
    ({"somethingNew": {"x": 1}}, "other", ""),
]
BETWEEN_DEVICES: list[tuple[dict[str, Any], str]] = [
    ({"protocolMessage": {"key": {"id": "3EB0"}}}, "a protocol message"),
    ({"protocolMessage": {"type": "EPHEMERAL_SETTING"}} | SILENT, "a setting of disappearing messages"),
    ({"protocolMessage": {"type": "SHARE_PHONE_NUMBER"}}, "a number that was shared"),
    ({"protocolMessage": {}}, "a protocol message"),
    ({"protocolMessage": protocol("REVOKE", remoteJid="120363@g.us")}, "a group"),
    ({"senderKeyDistributionMessage": {"groupId": "1"}}, "a key between devices"),
    ({"albumMessage": {"expectedImageCount": 10}} | SILENT, "an album, whose files come by themselves"),
    ({"pinInChatMessage": {"type": 1}}, "a message that was pinned"),
    ({"keepInChatMessage": {"keepType": 1}}, "a message that was kept"),
    (SILENT, "a note between devices"),
]
OTHER_EVENTS = ("messages.update", "messages.set", "send.message", "connection.update", "x")
EDIT = {"protocolMessage": {"key": {"id": "1"}, "type": 14, "editedMessage": PHOTO}}

EVOLUTION = Gateway(
    parse=parse,
    text=call(),
    text_id="3EB0000000000000000001",
    text_raw=data(),
    account="salon-1",
    addresses=(JID,),
    own=call(key={"fromMe": True}, pushName="Você"),
    photo=call(PHOTO),
    photo_media=Media(None, "image/jpeg", None, "Так хочу", "3EB0000000000000000001"),
    photo_quotes="3EB0QUOTED",
    text_at=lambda seconds: call(messageTimestamp=seconds),
    times=[*TIMES, ({"low": SECONDS, "high": 0, "unsigned": True}, MOMENT)],
    kinds=[(call(message), kind, text) for message, kind, text in KINDS],
    reactions=[(_reaction(emoji), emoji, "3EB0OURS") for emoji in ("👍", "")],
    corrections=_corrections(),
    ignored=[
        *((call(message), reason) for message, reason in BETWEEN_DEVICES),
        (envelope({"keyId": "3EB0", "remoteJid": JID, "status": "DELETED"}, "messages.update"), "a delivery receipt"),
        (envelope(protocol("EPHEMERAL_SETTING"), "messages.edited"), "a setting of disappearing messages"),
        (
            envelope(protocol("MESSAGE_EDIT", {"conversation": "х"}, remoteJid="120363@g.us"), "messages.edited"),
            "a group",
        ),
        (envelope({"id": "1", "remoteJid": "status@broadcast"}, "messages.delete"), "a status or broadcast"),
        *((envelope(data(), event), None) for event in OTHER_EVENTS),
        (_group("120363000000000001@g.us"), "a group"),
        (_group("status@broadcast"), "a status or broadcast"),
        (_group("120363000000000002@newsletter"), "a newsletter"),
    ],
    unparsed=[
        None,
        [],
        {},
        {"event": None, "data": data()},
        envelope(None),
        envelope([]),
        envelope("text"),
        envelope({}),
        call(key={"remoteJid": None}),
        call({}),
        call({"protocolMessage": {"type": 14}}),
        call("text"),
        call({"conversation": ["x"]}),
        call({"conversation": " "}),
        call({"conversation": None}),
        call({"mediaUrl": "https://files.example/1.jpg"}),
        call(key={"id": None}, messageTimestamp=None),
    ],
    without_id=(call(PHOTO, {"id": None}), call({"conversation": "другое"}, {"id": None})),
    wrappers=[
        lambda body: body,
        envelope,
        lambda body: envelope({"key": {"remoteJid": JID, "id": "1"}, "message": body}),
    ],
    damageable=[
        call(PHOTO),
        call({"editedMessage": {"message": EDIT}}),
        envelope(
            [
                data({"contactMessage": {"displayName": "Марат", "vcard": "TEL:+7 916"}}),
                data({"locationMessage": {"degreesLatitude": 1.5, "degreesLongitude": 2}}),
            ]
        ),
        call({"reactionMessage": {"key": {"id": "1"}, "text": "👍"}}, {"remoteJid": LID, "senderPn": JID}),
        envelope([protocol("MESSAGE_EDIT", {"conversation": "х"}), protocol("REVOKE")], "messages.edited"),
        envelope({"keyId": "1", "remoteJid": JID, "pollUpdates": [{"name": "5", "voters": [JID]}]}, "messages.update"),
        envelope({"id": "C1", "from": LID, "callerPn": JID, "status": "timeout", "date": "2026-03-02"}, "call"),
        call({"interactiveResponseMessage": {"nativeFlowResponseMessage": {"paramsJson": '{"a": {"b": [true]}}'}}}),
        call({"pollCreationMessage": {"name": "Когда?", "options": [{"optionName": "5"}]}}),
        call({"orderMessage": {"itemCount": 2, "totalAmount1000": 9000000, "totalCurrencyCode": "KZT"}}),
        call({"eventMessage": {"name": "День", "startTime": 1795132800, "location": {"name": "Салон"}}}),
    ],
)
