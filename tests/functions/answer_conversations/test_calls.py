"""When a person is called, what they and the client see, and that the bot never invents an answer instead."""

from typing import Any

import pytest

from functions.answer_conversations import texts
from tests.conftest import rows
from tests.functions.answer_conversations.conftest import World
from tests.helpers.worlds import support


async def test_words_that_ask_for_a_person_call_one_without_asking_the_model(world: World) -> None:
    world.wrote("Позовите человека, пожалуйста")

    report = await world.tick()

    [handover] = world.handovers()
    assert report["handed_over"] == 1
    assert (handover["status"], handover["trigger_type"]) == ("pending", "keyword")
    assert world.asked() == []
    assert world.sent() == [texts.HANDOVER_OPENED.ru]


async def test_the_card_calls_people_in_the_persons_own_topic(world: World) -> None:
    world.wrote("Сколько стоит <b>окрашивание</b>?", "Позовите менеджера")

    await world.tick()

    [card] = rows(world.connection, "select * from platform.outbox where kind = 'support/card'")
    [handover] = world.handovers()
    assert handover["outbox_id"] == card["id"]
    assert card["chat_id"] == world.desk.chat
    assert "Айгерим" in card["payload"]["text"]
    assert "&lt;b&gt;окрашивание" in card["payload"]["text"]
    pressed = [button["callback_data"] for button in card["payload"]["reply_markup"]["inline_keyboard"][0]]
    assert pressed == [f"support/take/{handover['number']}", f"support/return_to_bot/{handover['number']}"]
    [topic] = rows(world.connection, "select name from platform.topics")
    assert topic["name"].startswith("Айгерим")


async def test_the_clients_own_keywords_replace_the_usual_ones(world: World) -> None:
    world.connection.execute("update support.client_settings set keywords = '{директор}'")
    world.wrote("Дайте директора... то есть, позовите: директор!")

    await world.tick()

    assert world.handovers()[0]["trigger_type"] == "keyword"


async def test_what_the_classifier_doubts_a_person_answers(world: World) -> None:
    world.wrote("Кккк мммм?")

    await world.tick()

    [handover] = world.handovers()
    assert handover["trigger_type"] == "intent"
    assert world.sent() == [texts.HANDOVER_OPENED.ru]


async def test_the_threshold_is_the_clients(world: World) -> None:
    world.connection.execute("update support.client_settings set confidence_threshold = 0.95")
    world.wrote("Сколько стоит стрижка?")

    await world.tick()

    assert len(world.handovers()) == 1


async def test_a_complaint_goes_to_a_person_however_sure_the_classifier_is(world: World) -> None:
    world.connection.execute("update support.client_settings set keywords = '{}'")
    world.wrote("У меня жалоба на мастера")

    await world.tick()

    assert world.handovers()[0]["trigger_type"] == "intent"


@pytest.mark.parametrize(
    "fault",
    [
        {"does": "hang", "seconds": 30}, {"does": "drop"}, {"does": "status", "status": 500},
        {"does": "status", "status": 401}, {"does": "garbage"}, {"does": "empty"}, {"does": "filter"}, {"does": "cut"},
        {"does": "quota"}, {"does": "limit", "seconds": 20},
    ],
    ids=lambda fault: f"{fault['does']}{fault.get('status', '')}",
)  # fmt: skip
@pytest.mark.parametrize("asked_before", [0, 1], ids=["at-the-classifier", "at-the-answer"])
async def test_a_model_that_fails_calls_a_person_and_invents_nothing(
    world: World, fault: dict[str, Any], asked_before: int
) -> None:
    world.wrote("Сколько стоит стрижка?")
    world.fault(**fault, after=asked_before)

    report = await world.tick()

    assert report["handed_over"] == 1
    assert world.handovers()[0]["trigger_type"] == "timeout"
    assert world.sent() == [texts.HANDOVER_OPENED.ru]


async def test_without_a_model_everything_becomes_a_handover(world: World) -> None:
    world.wrote("Сколько стоит стрижка?")

    await world.tick(model=False)

    assert world.handovers()[0]["trigger_type"] == "intent"
    assert world.sent() == [texts.HANDOVER_OPENED.ru]
    assert world.asked() == []


@pytest.mark.parametrize("missing", ["classifier", "system_prompt"])
async def test_without_a_prompt_the_model_is_not_asked(world: World, missing: str) -> None:
    world.connection.execute("update support.prompts set is_active = false where name = %s", (missing,))
    world.wrote("Сколько стоит стрижка?")

    await world.tick()

    assert len(world.handovers()) == 1
    assert world.asked() == []


async def test_while_a_request_waits_the_bot_may_still_help(world: World) -> None:
    world.wrote("Позовите менеджера")
    await world.tick()
    world.wrote("А сколько стоит стрижка?")

    await world.tick()

    assert "6000" in world.sent()[-1]
    assert world.handovers()[0]["status"] == "pending"


async def test_asking_again_while_a_request_waits_is_counted_and_pages_nobody(world: World) -> None:
    world.wrote("Позовите менеджера")
    await world.tick()
    world.wrote("Где менеджер?!")

    await world.tick()

    [handover] = world.handovers()
    assert handover["joined"] == 1
    assert world.sent() == [texts.HANDOVER_OPENED.ru]
    assert len(rows(world.connection, "select from platform.outbox where kind = 'support/card'")) == 1


CLOSE = """update support.handovers set status = %s, remind_at = null, resolved_at = now() - %s::interval
    where status = 'pending'"""
RESOLVE = "update support.handovers set status = 'active', assigned_to_name = 'Алия', remind_at = null"


async def test_right_after_a_person_resolved_it_a_new_call_joins_and_the_client_hears_so_once(world: World) -> None:
    world.wrote("Позовите менеджера")
    await world.tick()
    world.connection.execute(RESOLVE)
    world.connection.execute("update support.handovers set status = 'resolved', resolved_at = now()")
    for _ in range(2):
        world.wrote("Позовите менеджера")
        await world.tick()

    [handover] = world.handovers()
    assert handover["joined"] == 2
    assert world.sent() == [texts.HANDOVER_OPENED.ru, texts.MESSAGE_RECEIVED.ru]


async def test_after_the_cooldown_people_are_called_anew(world: World) -> None:
    world.wrote("Позовите менеджера")
    await world.tick()
    world.connection.execute(RESOLVE)
    world.connection.execute(
        "update support.handovers set status = 'resolved', resolved_at = now() - interval '31 minutes'"
    )
    world.wrote("Позовите менеджера")

    await world.tick()

    assert [handover["status"] for handover in world.handovers()] == ["resolved", "pending"]


@pytest.mark.parametrize("status", ["timeout", "bot_handling"])
@pytest.mark.parametrize(
    ("words", "metadata", "trigger"),
    [
        ("Позовите менеджера", {}, "keyword"),
        ("", {"kind": "voice", "media": {"url": None, "id": "77"}}, "intent"),
        ("", {"kind": "call"}, "intent"),
        ("Кккк мммм?", {}, "intent"),
    ],
    ids=["words", "voice", "call", "not-understood"],
)
async def test_what_nobody_answered_holds_no_new_call(
    world: World, status: str, words: str, metadata: dict[str, Any], trigger: str
) -> None:
    """It timed out, or somebody gave it back to the bot a minute ago."""
    world.wrote("Позовите менеджера")
    await world.tick()
    world.connection.execute(CLOSE, (status, "1 minute"))
    world.wrote(words, **metadata)

    await world.tick()

    assert [(row["status"], row["trigger_type"]) for row in world.handovers()] == [
        (status, "keyword"), ("pending", trigger),
    ]  # fmt: skip
    assert world.sent() == [texts.HANDOVER_OPENED.ru] * 2
    assert len(rows(world.connection, "select from platform.outbox where kind = 'support/card'")) == 2


async def test_a_file_goes_to_a_person_who_can_look_into_it(world: World) -> None:
    photo = {"url": "https://files.example/1.jpg", "caption": "вот так", "mime": "image/jpeg", "file_name": None}
    world.wrote("вот так", kind="image", media=photo)
    world.wrote("", kind="voice", media={"url": None, "id": "77"})

    await world.tick()

    sent = rows(
        world.connection,
        "select method, payload from platform.outbox where kind in ('support/card', 'support/in-topic') order by id",
    )
    assert [row["method"] for row in sent] == ["sendMessage", "sendPhoto", "sendMessage"]
    assert sent[1]["payload"]["photo"] == "https://files.example/1.jpg"
    assert "голосовое" in sent[2]["payload"]["text"]
    assert world.asked() == []


async def test_a_desk_without_a_group_still_opens_the_request(world: World) -> None:
    world.connection.execute("update support.client_settings set telegram_chat_id = null")
    world.wrote("Позовите менеджера")

    await world.tick()

    assert world.handovers()[0]["status"] == "pending"
    assert world.sent() == [texts.NOBODY_CALLED.ru]


async def test_a_desk_without_an_account_says_nothing_and_keeps_nothing_as_said(world: World) -> None:
    world.connection.execute("update support.client_settings set whatsapp_bot_id = null")
    world.wrote("Позовите менеджера")

    await world.tick()

    [card] = world.sent("support/card")
    assert card.endswith("WhatsApp не подключён: ответьте клиенту с телефона.")
    assert rows(world.connection, "select content from support.messages where role = 'assistant'") == []


async def test_a_missed_call_calls_a_person_though_the_bot_is_muted(world: World) -> None:
    world.connection.execute(
        "update support.conversations set bot_status = 'muted', bot_muted_until = now() + interval '1 hour'"
    )
    world.wrote("", kind="call")

    await world.tick()

    [handover] = world.handovers()
    assert (handover["trigger_type"], handover["trigger_text"]) == ("intent", "📞 пропущенный звонок")
    assert "👤 📞 пропущенный звонок" in world.sent("support/card")[0]
    assert world.sent("support/in-topic")[0] == "👤 📞 пропущенный звонок"


async def test_a_call_that_is_missed_while_a_manager_writes_is_theirs(world: World) -> None:
    world.connection.execute(
        "update support.conversations set bot_status = 'muted', bot_muted_until = now() + interval '1 hour'"
    )
    support.insert(
        world.connection, "support.messages", conversation_id=world.conversation, client_id=world.desk.id,
        role="manager", content="Перезвоню через минуту",
    )  # fmt: skip
    world.wrote("", kind="call")

    assert (await world.tick())["quiet"] == 1
    assert world.handovers() == []


async def test_a_message_that_only_the_phone_shows_stands_on_the_card_and_in_the_topic(world: World) -> None:
    world.wrote("", kind="other")

    await world.tick()

    line = "👤 [сообщение, которое видно только на телефоне: откройте WhatsApp]"
    assert line in world.sent("support/card")[0]
    assert line in world.sent("support/in-topic")
    assert world.handovers()[0]["trigger_type"] == "intent"
    assert world.asked() == []


async def test_the_model_reads_what_files_were_instead_of_nothing(world: World) -> None:
    world.wrote("", kind="image", media={"url": None, "id": "77"})
    await world.tick()
    world.connection.execute(CLOSE, ("bot_handling", "1 minute"))
    world.wrote("Сколько стоит стрижка?")

    await world.tick()

    assert world.asked()[0]["messages"][1]["content"] == "[фото]"


async def test_a_conversation_that_cannot_be_answered_keeps_nobody_else_waiting(world: World) -> None:
    """Its client's settings are gone."""
    other = support.desk(world.connection, "other", -1001900000888, token="7000000002:" + "B" * 35)
    lost = support.conversation(world.connection, other)
    world.connection.execute("delete from support.client_settings where client_id = %s", (other.id,))
    world.wrote("Позовите менеджера", conversation=lost)
    world.wrote("Сколько стоит стрижка?")

    report = await world.tick()

    assert report["answered"] == 1


async def test_what_does_not_fit_the_card_stands_in_the_new_topic(world: World) -> None:
    long = "очень " * 60 + "важно"
    world.wrote(*(f"Строка {number}" for number in range(7)), long)
    world.wrote("Позовите менеджера")

    await world.tick()

    assert world.sent("support/in-topic") == [f"👤 {text}" for text in ("Строка 0", "Строка 1", "Строка 2", long)]


async def test_what_the_topic_shows_already_is_not_shown_again(world: World) -> None:
    world.wrote("Позовите менеджера")
    await world.tick()
    world.wrote("Где менеджер?!")
    [last] = rows(world.connection, "select id from support.messages order by position desc limit 1")
    [topic] = rows(world.connection, "select key from platform.topics")
    world.connection.execute(
        "insert into platform.outbox (bot_id, chat_id, lane, topic, kind, method, payload, dedup_key, correlation_id,"
        " policy, expires_at)"
        " select bot_id, chat_id, lane, %s, 'support/in-topic', method, payload, %s, 'trace', policy, expires_at"
        " from platform.outbox where kind = 'support/card'",
        (topic["key"], f"support/in-topic/{last['id']}"),
    )

    await world.tick()

    assert len(world.sent("support/in-topic")) == 1
