"""Files, missed calls and what only the phone shows: people are called, and card, topic and model read a line."""

from tests.conftest import rows
from tests.functions.answer_conversations.conftest import CLOSE, World
from tests.helpers.worlds import support


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

    assert world.asked()[-1]["messages"][1]["content"] == "> [фото]"


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
