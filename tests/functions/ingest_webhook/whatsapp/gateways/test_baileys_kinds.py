"""Every field of WhatsApp's own Message (WAProto, in Baileys 7) ends in words, a line of its own, or a reason."""

from typing import Any

import pytest

from functions.ingest_webhook.inbox import Unparsed
from functions.ingest_webhook.whatsapp.gateways.baileys import IGNORED, PROTOCOL_IGNORED
from functions.ingest_webhook.whatsapp.gateways.evolution import parse
from functions.ingest_webhook.whatsapp.message import Ignored, ParsedMessage
from shared.support import wordless
from tests.functions.ingest_webhook.whatsapp.gateways.evolution_cases import call, read

FORM = '{"flow_token": "t", "услуга": "Стрижка", "когда": {"день": "2026-11-28", "время": "18:30"}, "согласие": true}'
PRICE = {"priceAmount1000": "4500000", "currencyCode": "KZT"}
NOTE = {"noteMessage": {"extendedTextMessage": {"text": "за стрижку"}}}
PHOTO = {"imageMessage": {"caption": "фото", "url": "https://mmg.whatsapp.net/1.enc"}}
HIDDEN = {"encPayload": "AAAA", "encIv": "AAAA"}
ONLY_ON_THE_PHONE = "[сообщение, которое видно только на телефоне: откройте WhatsApp]"
CHOSEN = {"body": {"text": "Да"}, "nativeFlowResponseMessage": {"name": "quick_reply", "paramsJson": '{"id": "1"}'}}


def inside(**message: Any) -> dict[str, Any]:
    return {"message": message}


TEXT = inside(conversation="привет")
# Each field with something in it, and what people read of it; None: nothing, for the reason in IGNORED.
FIELDS: dict[str, list[tuple[Any, str | None]]] = {
    "conversation": [("привет", "привет")],
    "senderKeyDistributionMessage": [({"groupId": "1"}, None)],
    "imageMessage": [({"caption": "так"}, "[фото] так")],
    "contactMessage": [({"displayName": "Марат"}, "Марат"), ({}, "[контакт]")],
    "locationMessage": [({"name": "Салон"}, "Салон"), ({}, "[место на карте]")],
    "extendedTextMessage": [({"text": "привет"}, "привет")],
    "documentMessage": [({"title": "x.pdf"}, "[файл]")],
    "audioMessage": [({"ptt": True}, "[голосовое сообщение]"), ({}, "[аудио]")],
    "videoMessage": [({}, "[видео]")],
    "call": [({"callKey": "AAAA"}, None)],
    "chat": [({"displayName": "x"}, ONLY_ON_THE_PHONE)],
    "contactsArrayMessage": [({"contacts": [{"displayName": "А"}, {"displayName": "Б"}]}, "А\nБ")],
    "highlyStructuredMessage": [({"hydratedHsm": {"hydratedTemplate": {"hydratedContentText": "Ждём"}}}, "Ждём")],
    "fastRatchetKeySenderKeyDistributionMessage": [({"groupId": "1"}, None)],
    "sendPaymentMessage": [(NOTE, "[платёж] за стрижку")],
    "liveLocationMessage": [({"degreesLatitude": 1, "degreesLongitude": 2}, "[прямая трансляция места] 1,2")],
    "requestPaymentMessage": [
        (NOTE | {"amount1000": 4500000, "currencyCodeIso4217": "KZT"}, "[платёж] 4500 KZT, за стрижку")
    ],
    "declinePaymentRequestMessage": [({"key": {"id": "1"}}, "[платёж]")],
    "cancelPaymentRequestMessage": [({"key": {"id": "1"}}, "[платёж]")],
    "templateMessage": [({"hydratedTemplate": {"hydratedContentText": "Акция"}}, "Акция")],
    "stickerMessage": [({}, "[стикер]")],
    "groupInviteMessage": [
        ({"groupName": "Соседи", "inviteCode": "AbC"}, "[приглашение] Соседи, https://chat.whatsapp.com/AbC")
    ],
    "templateButtonReplyMessage": [({"selectedDisplayText": "Да"}, "Да")],
    "productMessage": [({"product": {"title": "Шампунь"} | PRICE}, "[товар] Шампунь, 4500 KZT"), ({}, "[товар]")],
    "deviceSentMessage": [(TEXT, "привет")],
    "messageContextInfo": [({"deviceListMetadataVersion": 2}, None)],
    "listMessage": [({"title": "Услуги", "description": "Что?"}, "Услуги, Что?")],
    "viewOnceMessage": [
        (inside(imageMessage={"viewOnce": True}), "[одноразовое фото, видео или голосовое: только на телефоне]")
    ],
    "orderMessage": [
        (
            {"orderTitle": "Набор", "itemCount": 2, "totalAmount1000": 9000000, "totalCurrencyCode": "KZT"},
            "[заказ] Набор, × 2, 9000 KZT",
        )
    ],
    "listResponseMessage": [({"title": "Стрижка"}, "Стрижка")],
    "ephemeralMessage": [(TEXT, "привет")],
    "invoiceMessage": [({"note": "счёт 5"}, "[платёж] счёт 5")],
    "buttonsMessage": [({"contentText": "Придёте?"}, "Придёте?")],
    "buttonsResponseMessage": [({"selectedDisplayText": "Да"}, "Да"), ({"selectedButtonId": "1"}, ONLY_ON_THE_PHONE)],
    "paymentInviteMessage": [({"serviceType": 1}, "[платёж]")],
    "interactiveMessage": [({"body": {"text": "Выберите"}}, "Выберите")],
    "reactionMessage": [({"text": "👍"}, "👍"), ({"text": ""}, "[реакция снята]")],
    "stickerSyncRmrMessage": [({"filehash": ["1"]}, None)],
    "interactiveResponseMessage": [
        ({"nativeFlowResponseMessage": {"name": "flow", "paramsJson": FORM}},
         "[форма] услуга: Стрижка\nкогда · день: 2026-11-28\nкогда · время: 18:30\nсогласие: ✅"),
        ({"nativeFlowResponseMessage": {"paramsJson": '{"flow_token": "t", "услу'}}, "[форма] услу"),
        ({"nativeFlowResponseMessage": {"paramsJson": '{"flow_token": "t"}'}}, "[форма]"),
        (CHOSEN, "Да"),
        ({"nativeFlowResponseMessage": {"paramsJson": '{"id": "1", "title": "Стрижка"}'}}, "Стрижка"),
    ],
    "pollCreationMessage": [
        ({"name": "Когда?", "options": [{"optionName": "5"}, {"optionName": "6"}]}, "[голосование] Когда?\n• 5\n• 6")
    ],
    "pollUpdateMessage": [
        ({"vote": {"selectedOptions": ["5", {"name": "6"}]}}, "[ответ на голосование] 5, 6"),
        ({"vote": HIDDEN}, "[ответ на голосование]"),
    ],
    "keepInChatMessage": [({"keepType": 1}, None)],
    "documentWithCaptionMessage": [(inside(documentMessage={"caption": "прайс"}), "[файл] прайс")],
    "requestPhoneNumberMessage": [({"contextInfo": {"expiration": 0}}, ONLY_ON_THE_PHONE)],
    "viewOnceMessageV2": [(inside(**PHOTO), "[фото] фото")],
    "encReactionMessage": [(HIDDEN, None)],
    "editedMessage": [(inside(protocolMessage={"type": "LIMIT_SHARING"}), None)],
    "viewOnceMessageV2Extension": [
        (inside(audioMessage={"ptt": True}), "[одноразовое фото, видео или голосовое: только на телефоне]")
    ],
    "scheduledCallCreationMessage": [
        ({"title": "Созвон", "scheduledTimestampMs": 1795132800000}, "[мероприятие] Созвон, 2026-11-20 00:00 UTC")
    ],
    "groupMentionedMessage": [(TEXT, "привет")],
    "pinInChatMessage": [({"type": 1}, None)],
    "scheduledCallEditMessage": [({"editType": 1}, "[мероприятие]")],
    "ptvMessage": [({}, "[видео]")],
    "botInvokeMessage": [(TEXT, "привет")],
    "callLogMesssage": [
        ({"callOutcome": "MISSED"}, "📞 пропущенный звонок"),
        ({"callOutcome": 1}, "📞 пропущенный звонок"),
        ({"callOutcome": "CONNECTED", "durationSecs": "42"}, None),
    ],
    "messageHistoryBundle": [({"mimetype": "x"}, None)],
    "encCommentMessage": [(HIDDEN, ONLY_ON_THE_PHONE)],
    "bcallMessage": [({"sessionId": "1", "caption": "эфир"}, f"{ONLY_ON_THE_PHONE} эфир")],
    "lottieStickerMessage": [(inside(stickerMessage={}), "[стикер]")],
    "eventMessage": [
        ({"name": "День красоты", "startTime": "1795132800", "location": {"name": "Салон"}},
         "[мероприятие] День красоты, 2026-11-20 00:00 UTC, Салон")
    ],
    "encEventResponseMessage": [(HIDDEN, "[мероприятие]")],
    "commentMessage": [(TEXT, "привет")],
    "newsletterAdminInviteMessage": [({"newsletterName": "Канал"}, "[приглашение] Канал")],
    "placeholderMessage": [({"type": "MASK_LINKED_DEVICES"}, ONLY_ON_THE_PHONE)],
    "secretEncryptedMessage": [(HIDDEN, ONLY_ON_THE_PHONE)],
    "albumMessage": [({"expectedImageCount": 2}, None)],
    "eventCoverImage": [(inside(**PHOTO), "[фото] фото")],
    "stickerPackMessage": [({"name": "Котики"}, "[стикер] Котики")],
    "statusMentionMessage": [(inside(protocolMessage={"type": "STATUS_MENTION_MESSAGE"}), None)],
    "pollResultSnapshotMessage": [
        ({"name": "Когда?", "pollVotes": [{"optionName": "5", "optionVoteCount": "2"}]}, "[голосование] Когда?\n5: 2")
    ],
    "pollCreationOptionImageMessage": [(inside(**PHOTO), "[фото] фото")],
    "associatedChildMessage": [(inside(**PHOTO), "[фото] фото")],
    "groupStatusMentionMessage": [(inside(protocolMessage={"type": "STATUS_MENTION_MESSAGE"}), None)],
    "pollCreationMessageV4": [(inside(pollCreationMessageV3={"name": "Когда?"}), "[голосование] Когда?")],
    "statusAddYours": [(TEXT, "привет")],
    "groupStatusMessage": [(TEXT, "привет")],
    "richResponseMessage": [({"submessages": [{"messageText": "Раз"}, {"messageText": "Два"}]}, "Раз\nДва")],
    "statusNotificationMessage": [({"type": 1}, ONLY_ON_THE_PHONE)],
    "limitSharingMessage": [(inside(protocolMessage={"type": "LIMIT_SHARING"}), None)],
    "botTaskMessage": [(TEXT, "привет")],
    "questionMessage": [(TEXT, "привет")],
    "messageHistoryNotice": [({"messageHistoryMetadata": {}}, None)],
    "groupStatusMessageV2": [(TEXT, "привет")],
    "botForwardedMessage": [(TEXT, "привет")],
    "statusQuestionAnswerMessage": [({"text": "ответ"}, "ответ")],
    "questionReplyMessage": [(TEXT, "привет")],
    "questionResponseMessage": [({"text": "ответ"}, "ответ")],
    "statusQuotedMessage": [({"text": "ответ"}, "ответ")],
    "statusStickerInteractionMessage": [({"stickerKey": "1"}, ONLY_ON_THE_PHONE)],
    "newsletterFollowerInviteMessageV2": [({"newsletterName": "Канал"}, "[приглашение] Канал")],
    "pollCreationMessageV2": [({"name": "Когда?"}, "[голосование] Когда?")],
    "pollCreationMessageV3": [({"name": "Когда?"}, "[голосование] Когда?")],
    "pollCreationMessageV5": [({"name": "Когда?"}, "[голосование] Когда?")],
    "pollResultSnapshotMessageV3": [({}, "[голосование]")],
}  # fmt: skip
CASES = [
    pytest.param(name, value, line, id=f"{name}-{number}")
    for name, cases in FIELDS.items()
    for number, (value, line) in enumerate(cases)
]


@pytest.mark.parametrize(("name", "value", "line"), CASES)
def test_every_field_of_a_message_ends_in_words_or_a_reason(name: str, value: Any, line: str | None) -> None:
    [record] = parse(call({name: value}))

    if line is None:
        assert isinstance(record, Ignored)
        return
    assert isinstance(record, ParsedMessage)
    assert wordless.readable(record.kind, record.text, "ru") == line


def test_the_list_of_fields_is_the_whole_one() -> None:
    # proto.Message has 94 fields besides protocolMessage, which the corrections' tests and the next one hold.
    assert len(FIELDS) == 94
    assert set(IGNORED) <= set(FIELDS)


@pytest.mark.parametrize("value", [{"x": {"y": 1}}, {}, "?", 5, ["?"], True])
def test_no_field_with_anything_in_it_is_lost_in_silence(value: Any) -> None:
    for name in (*FIELDS, "somethingNewMessage"):
        [record] = parse(call({name: value}))

        if isinstance(record, ParsedMessage):
            assert wordless.readable(record.kind, record.text, "ru"), name
        else:
            assert isinstance(record, Ignored | Unparsed), name
            assert record.reason, name


@pytest.mark.parametrize(
    "kind",
    [
        *PROTOCOL_IGNORED, "HISTORY_SYNC_NOTIFICATION", "APP_STATE_SYNC_KEY_SHARE", "APP_STATE_SYNC_KEY_REQUEST",
        "MSG_FANOUT_BACKFILL_REQUEST", "INITIAL_SECURITY_NOTIFICATION_SETTING_SYNC", "MEDIA_NOTIFY_MESSAGE",
        "APP_STATE_FATAL_EXCEPTION_NOTIFICATION", "PEER_DATA_OPERATION_REQUEST_MESSAGE", "REQUEST_WELCOME_MESSAGE",
        "PEER_DATA_OPERATION_REQUEST_RESPONSE_MESSAGE", "BOT_FEEDBACK_MESSAGE", "LID_MIGRATION_MAPPING_SYNC",
        "CLOUD_API_THREAD_CONTROL_NOTIFICATION", "REMINDER_MESSAGE", "BOT_MEMU_ONBOARDING_MESSAGE", "AI_QUERY_FANOUT",
        "STOP_GENERATION_MESSAGE", "LIMIT_SHARING", "AI_PSI_METADATA", "GROUP_MEMBER_LABEL_CHANGE", 30, "NEW_TYPE",
    ],
)  # fmt: skip
def test_every_other_protocol_message_is_ignored_for_a_reason(kind: Any) -> None:
    for event in ("messages.upsert", "messages.edited"):
        protocol = {"key": {"remoteJid": "77010000000@s.whatsapp.net", "id": "1"}, "type": kind}
        body = call({"protocolMessage": protocol})
        [record] = parse(body if event == "messages.upsert" else {**body, "event": event, "data": protocol})

        assert isinstance(record, Ignored)
        assert record.reason == PROTOCOL_IGNORED.get(str(kind), "a protocol message")


@pytest.mark.parametrize(
    ("stub", "line"),
    [("CIPHERTEXT", ONLY_ON_THE_PHONE), (2, ONLY_ON_THE_PHONE), (40, "📞 пропущенный звонок"),
     ("CALL_MISSED_VIDEO", "📞 пропущенный звонок")],
)  # fmt: skip
def test_a_message_of_which_only_a_stub_came_has_a_line(stub: Any, line: str) -> None:
    found = read({}, messageStubType=stub)

    assert wordless.readable(found.kind, found.text, "ru") == line


def test_a_view_once_message_that_only_the_phone_has_is_named() -> None:
    assert read({}, {"isViewOnce": True}).kind == "view_once"
    assert read({"viewOnceMessageV2": {"message": {"imageMessage": {"directPath": "/v/1"}}}}).kind == "image"
