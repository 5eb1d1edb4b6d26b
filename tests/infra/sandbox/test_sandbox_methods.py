"""The Bot API's methods, called over HTTP in every way the server accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.infra.sandbox.conftest import Client

PERSON = 4100000001
GROUP = -1004100000001


async def test_every_way_of_sending_parameters_works(client: Client) -> None:
    url, data = f"/bot{client.token}/SENDmessage", {"chat_id": str(PERSON), "text": "Дон"}
    answers = [
        await client.http.get(url, params=data),
        await client.http.post(url, data=data),
        await client.http.post(url, files={k: (None, v) for k, v in data.items()}),
        await client.http.post(url, json=data),
    ]

    assert [answer.json()["result"]["message_id"] for answer in answers] == [1, 2, 3, 4]
    assert {answer.json()["result"]["text"] for answer in answers} == {"Дон"}


async def test_a_message_is_shaped_like_a_real_one(client: Client) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Беру", "callback_data": "take"}]]}
    answer = await client.call(
        "sendMessage",
        chat_id=PERSON,
        text="<b>Дон</b>",
        parse_mode="HTML",
        reply_markup=keyboard,
    )

    message = answer["result"]
    assert message.pop("date") > 0
    assert message == {
        "message_id": 1,
        "from": {
            "id": 7100000001,
            "is_bot": True,
            "first_name": "Бот 7100000001",
            "username": "sandbox_7100000001_bot",
        },
        "chat": {"id": PERSON, "first_name": f"Собеседник {PERSON}", "type": "private"},
        "text": "Дон",
        "entities": [{"offset": 0, "length": 3, "type": "bold"}],
        "reply_markup": keyboard,
    }


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"text": "x", "chat_id": ""}, "chat_id is empty"),
        ({"text": "x", "chat_id": "@nobody_at_all"}, "chat not found"),
        ({"text": " \n"}, "text must be non-empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": "🔔" * 2049}, "message is too long"),
        ({"text": "x", "message_thread_id": 1}, "message thread not found"),
        ({"text": "x", "message_thread_id": 77}, "message thread not found"),
        ({"text": "x", "reply_to_message_id": 9}, "message to be replied not found"),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
    ],
)
async def test_a_wrong_message_is_refused(client: Client, params: dict[str, object], reason: str) -> None:
    said = await client.refusal("sendMessage", **({"chat_id": PERSON} | params))

    assert said == f"Bad Request: {reason}"


async def test_markup_does_not_count_towards_the_length(client: Client) -> None:
    text = f"<b>{'д' * 4096}</b>"

    assert (await client.call("sendMessage", chat_id=PERSON, text=text, parse_mode="HTML"))["ok"]


async def test_half_a_surrogate_pair_is_refused(client: Client) -> None:
    body = b'{"chat_id": 1, "text": "\\ud83d"}'
    answer = await client.http.post(
        f"/bot{client.token}/sendMessage",
        content=body,
        headers={"Content-Type": "application/json"},
    )

    assert answer.json()["description"] == "Bad Request: strings must be encoded in UTF-8"


async def test_callback_data_has_64_bytes_at_most(client: Client) -> None:
    def keyboard(data: str) -> dict[str, object]:
        return {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}

    params = {"chat_id": PERSON, "text": "x"}
    assert (await client.call("sendMessage", **params, reply_markup=keyboard("д" * 32)))["ok"]
    said = await client.refusal("sendMessage", **params, reply_markup=keyboard("д" * 32 + "."))
    assert said == "Bad Request: BUTTON_DATA_INVALID"


@pytest.mark.parametrize("kind", ["photo", "document", "audio", "video", "voice"])
async def test_a_file_is_sent_by_its_id_with_a_caption(client: Client, kind: str) -> None:
    method = f"send{kind.title()}"
    params = {"chat_id": PERSON, kind: "FileFromSandbox1", "caption": "x"}
    result = (await client.call(method, **params))["result"]

    file = result[kind][0] if kind == "photo" else result[kind]
    assert (file["file_id"], result["caption"]) == ("FileFromSandbox1", "x")
    said = await client.refusal(method, **(params | {"caption": "д" * 1025}))
    assert said == "Bad Request: message caption is too long"


async def test_an_edit_must_change_something(client: Client) -> None:
    sent = (await client.call("sendMessage", chat_id=PERSON, text="раз"))["result"]
    target = {"chat_id": PERSON, "message_id": sent["message_id"]}

    said = await client.refusal("editMessageText", **target, text="раз")
    assert said == (
        "Bad Request: message is not modified: specified new message content and reply markup "
        "are exactly the same as a current content and reply markup of the message"
    )
    edited = (await client.call("editMessageText", **target, text="два"))["result"]
    assert edited["text"] == "два"
    assert edited["edit_date"] >= sent["date"]


async def test_a_missing_message_cannot_be_edited_or_deleted(client: Client) -> None:
    target = {"chat_id": PERSON, "message_id": 5}

    said = await client.refusal("editMessageText", **target, text="x")
    assert said == "Bad Request: message to edit not found"
    assert await client.refusal("deleteMessage", **target) == ("Bad Request: message to delete not found")


async def test_a_topic_lives_from_creation_to_deletion(client: Client) -> None:
    made = (await client.call("createForumTopic", chat_id=GROUP, name="Вера Звонкова"))["result"]
    topic = {"chat_id": GROUP, "message_thread_id": made["message_thread_id"]}
    assert made["name"] == "Вера Звонкова"

    sent = (await client.call("sendMessage", **topic, text="x"))["result"]
    assert sent["is_topic_message"]
    assert sent["chat"]["is_forum"]
    assert (await client.call("editForumTopic", **topic, name="Вера"))["result"] is True
    assert (await client.call("closeForumTopic", **topic))["ok"]
    assert (await client.call("sendMessage", **topic, text="by an administrator"))["ok"]
    await client.control("chats", chat_id=GROUP, bot_status="member")
    assert (await client.call("sendMessage", **topic, text="by whoever made it"))["ok"]
    other = client.token.replace("7", "8", 1)
    refused = (await client.http.post(f"/bot{other}/sendMessage", json={**topic, "text": "x"})).json()
    assert refused["description"] == "Bad Request: TOPIC_CLOSED"
    assert await client.refusal("closeForumTopic", **topic) == "Bad Request: TOPIC_NOT_MODIFIED"
    assert (await client.call("reopenForumTopic", **topic))["ok"]
    assert (await client.call("deleteForumTopic", **topic))["ok"]
    said = await client.refusal("sendMessage", **topic, text="x")
    assert said == "Bad Request: message thread not found"


async def test_strange_tokens_and_methods_are_refused(client: Client) -> None:
    malformed = await client.http.get("/bot123/getMe")
    assert malformed.json() == {"ok": False, "error_code": 404, "description": "Not Found"}
    assert await client.refusal("flyAway") == "Not Found: method not found"
    await client.control("bots", bot=7100000001, revoked=True)
    assert await client.refusal("getMe") == "Unauthorized: invalid token specified"


async def test_a_chat_can_be_unknown_blocked_or_moved(client: Client) -> None:
    params = {"chat_id": PERSON, "text": "x"}
    await client.control("chats", chat_id=PERSON, known=False)
    assert await client.refusal("sendMessage", **params) == "Bad Request: chat not found"
    await client.control("chats", chat_id=PERSON, known=True, blocked=True)
    said = await client.refusal("sendMessage", **params)
    assert said == "Forbidden: bot was blocked by the user"

    await client.control("chats", chat_id=-5, migrated_to=GROUP)
    moved = await client.call("sendMessage", chat_id=-5, text="x")
    assert moved["parameters"] == {"migrate_to_chat_id": GROUP}


async def test_strict_chats_must_be_set_up_first(client: Client) -> None:
    await client.control("settings", strict_chats=True)
    said = await client.refusal("sendMessage", chat_id=PERSON, text="x")
    assert said == "Bad Request: chat not found"

    await client.control("chats", chat_id=PERSON, title="Глеб Набатов")
    sent = await client.call("sendMessage", chat_id=PERSON, text="x")
    assert sent["result"]["chat"]["first_name"] == "Глеб Набатов"


async def test_private_chats_of_two_bots_are_two_chats(client: Client) -> None:
    other = type(client)(client.server, client.http, f"7100000002:{'Z' * 35}")

    ids = [
        (await bot.call("sendMessage", chat_id=chat, text="x"))["result"]["message_id"]
        for chat in (PERSON, GROUP)
        for bot in (client, other)
    ]

    assert ids == [1, 1, 1, 2]


async def test_limits_answer_429_with_the_pause_in_both_places(client: Client) -> None:
    await client.control("bots", bot=7100000001, limits={"group_per_minute": 2})
    await client.call("sendMessage", chat_id=PERSON, text="x")

    refused = await client.send("sendMessage", chat_id=PERSON, text="x")
    assert refused.headers["Retry-After"] == "1"
    assert refused.json()["parameters"] == {"retry_after": 1}
    group = [await client.call("sendMessage", chat_id=GROUP, text="x") for _ in range(3)]
    assert [answer["ok"] for answer in group] == [True, True, False]
    assert group[2]["description"] == "Too Many Requests: retry after 60"


async def test_a_webhook_is_set_once_and_only_correctly(client: Client) -> None:
    hook = {"url": "https://bells.example/telegram", "secret_token": "bell_ringer-1"}
    said = [(await client.call("setWebhook", **hook))["description"] for _ in range(2)]
    assert said == ["Webhook was set", "Webhook is already set"]
    assert (await client.call("getWebhookInfo"))["result"]["url"] == hook["url"]
    assert (await client.refusal("getUpdates")).startswith("Conflict: can't use getUpdates")

    said = [
        await client.refusal("setWebhook", **(hook | {"secret_token": "a b"})),
        await client.refusal("setWebhook", url="http://bells.example/"),
        await client.refusal("setWebhook", url="https://bells.example:8080/"),
    ]
    assert said == [
        "Bad Request: secret token contains unallowed characters",
        "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
        "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
    ]


async def test_an_unknown_callback_query_is_too_old(client: Client) -> None:
    said = await client.refusal("answerCallbackQuery", callback_query_id="5")
    assert said == ("Bad Request: query is too old and response timeout expired or query ID is invalid")
    said = await client.refusal("answerCallbackQuery", callback_query_id="5", text="x" * 201)
    assert said == "Bad Request: MESSAGE_TOO_LONG"
