"""A manager who answers on the business's own phone: the bot is silent, the handover theirs."""

from datetime import timedelta

from tests.functions.ingest_webhook.whatsapp.world import (
    DUPLICATE,
    STORED,
    World,
    chatflow,
    cloud,
    cloud_text,
    evolution,
    new_id,
    new_jid,
    typed,
)


def test_what_is_typed_on_the_phone_is_a_managers_and_mutes_the_bot(world: World) -> None:
    jid = new_jid()
    world.json(chatflow(jid))
    before = world.conversation(jid)
    body = typed(jid, "Сейчас посмотрю")

    assert [world.json(body).json() for _ in range(2)] == [STORED, DUPLICATE]

    message = world.messages(jid)[-1]
    assert (message["role"], message["content"], message["metadata"]["from"]) == ("manager", "Сейчас посмотрю", "phone")
    talk = world.conversation(jid)
    assert talk["bot_status"] == "muted"
    assert timedelta(minutes=59) < talk["bot_muted_until"] - message["created_at"] < timedelta(minutes=61)
    assert (talk["last_message_at"], talk["answer_due_at"]) == (before["last_message_at"], before["answer_due_at"])
    assert world.in_topic(jid) == []


def test_a_message_from_the_phone_takes_a_pending_handover_and_the_card_shows_it(world: World) -> None:
    jid = new_jid()
    conversation = world.begin_conversation(jid)
    handover = world.open_handover(conversation, telegram_message_id=77)

    world.json(typed(jid, "Это менеджер"))

    [row] = world.rows("select * from support.handovers where id = %s", handover)
    assert (row["status"], row["assigned_to_name"]) == ("active", "Телефон")
    assert row["first_response_at"] is not None
    [event] = world.rows("select event, actor from support.handover_events where handover_id = %s", handover)
    assert (event["event"], event["actor"]) == ("taken", "Телефон")
    [edit] = world.rows("select * from platform.outbox where dedup_key like %s", f"support/handover/{handover}/edit/%")
    assert (edit["method"], edit["payload"]["message_id"]) == ("editMessageText", 77)
    assert "Телефон" in edit["payload"]["text"]
    [shown] = world.in_topic(jid)
    assert shown["payload"]["text"] == "📱 Это менеджер"


def test_a_second_message_changes_the_card_no_more(world: World) -> None:
    jid = new_jid()
    handover = world.open_handover(world.begin_conversation(jid), telegram_message_id=78)
    for text in ("Это менеджер", "Уже смотрю"):
        world.json(typed(jid, text))

    query = "select count(*) as n from platform.outbox where dedup_key like %s"
    assert world.rows(query, f"support/handover/{handover}/edit/%") == [{"n": 1}]
    assert [row["payload"]["text"] for row in world.in_topic(jid)] == ["📱 Это менеджер", "📱 Уже смотрю"]


def test_a_managers_reaction_does_not_mute_the_bot(world: World) -> None:
    jid = new_jid()
    world.json(evolution(jid), "evolution")
    thumb = {"reactionMessage": {"key": {"id": "3EB0"}, "text": "👍"}}

    assert world.json(evolution(jid, thumb, fromMe=True), "evolution").json() == STORED
    assert world.conversation(jid)["bot_status"] == "active"


def test_a_customer_whom_the_desk_wrote_to_first_is_stored(world: World) -> None:
    jid = new_jid()
    world.json(typed(jid, "Вы оставляли заявку"))
    assert world.conversation(jid)["name"] is None  # the sender that is named is ourselves

    world.json(chatflow(jid, "Да"))
    assert [row["role"] for row in world.messages(jid)] == ["manager", "user"]
    assert world.conversation(jid)["bot_status"] == "muted"


def test_metas_echo_of_the_phone_is_a_managers(world: World) -> None:
    jid = new_jid()
    echo = cloud_text("77010000009@s", new_id(), to=jid.partition("@")[0])

    assert world.signed(cloud(contacts=[], messages=None, message_echoes=[echo])).json() == STORED
    assert [row["role"] for row in world.messages(jid)] == ["manager"]


def test_messages_of_customer_and_manager_in_one_call_both_count(world: World) -> None:
    jid = new_jid()
    echo = cloud_text("77010000009@s", new_id(), to=jid.partition("@")[0])

    assert world.signed(cloud(cloud_text(jid), message_echoes=[echo])).json() == STORED | {"stored": 2}
    talk = world.conversation(jid)
    assert (talk["bot_status"], talk["answer_due_at"] is not None) == ("muted", True)
