"""A manager who answers on the business's own phone: the bot is silent, the handover theirs."""

from datetime import timedelta

from tests.functions.ingest_webhook.whatsapp.gate import (
    DUPLICATE,
    STORED,
    Gate,
    chatflow,
    cloud,
    cloud_text,
    evolution,
    new_id,
    new_jid,
    typed,
)


def test_what_is_typed_on_the_phone_is_a_managers_and_mutes_the_bot(gate: Gate) -> None:
    jid = new_jid()
    gate.json(chatflow(jid))
    before = gate.conversation(jid)
    body = typed(jid, "Сейчас посмотрю")

    assert [gate.json(body).json() for _ in range(2)] == [STORED, DUPLICATE]

    message = gate.messages(jid)[-1]
    assert (message["role"], message["content"], message["metadata"]["from"]) == ("manager", "Сейчас посмотрю", "phone")
    talk = gate.conversation(jid)
    assert talk["bot_status"] == "muted"
    assert timedelta(minutes=59) < talk["bot_muted_until"] - message["created_at"] < timedelta(minutes=61)
    assert (talk["last_message_at"], talk["answer_due_at"]) == (before["last_message_at"], before["answer_due_at"])
    assert gate.in_topic(jid) == []


def test_it_takes_a_waiting_handover_and_the_card_shows_it(gate: Gate) -> None:
    jid = new_jid()
    conversation = gate.begun(jid)
    handover = gate.called(conversation, telegram_message_id=77)

    gate.json(typed(jid, "Это менеджер"))

    [row] = gate.rows("select * from support.handovers where id = %s", handover)
    assert (row["status"], row["assigned_to_name"]) == ("active", "Телефон")
    assert row["first_response_at"] is not None
    [event] = gate.rows("select event, actor from support.handover_events where handover_id = %s", handover)
    assert (event["event"], event["actor"]) == ("taken", "Телефон")
    [edit] = gate.rows("select * from platform.outbox where dedup_key like %s", f"support/handover/{handover}/edit/%")
    assert (edit["method"], edit["payload"]["message_id"]) == ("editMessageText", 77)
    assert "Телефон" in edit["payload"]["text"]
    [shown] = gate.in_topic(jid)
    assert shown["payload"]["text"] == "📱 Это менеджер"


def test_a_second_message_changes_the_card_no_more(gate: Gate) -> None:
    jid = new_jid()
    handover = gate.called(gate.begun(jid), telegram_message_id=78)
    for words in ("Это менеджер", "Уже смотрю"):
        gate.json(typed(jid, words))

    query = "select count(*) as n from platform.outbox where dedup_key like %s"
    assert gate.rows(query, f"support/handover/{handover}/edit/%") == [{"n": 1}]
    assert [row["payload"]["text"] for row in gate.in_topic(jid)] == ["📱 Это менеджер", "📱 Уже смотрю"]


def test_a_managers_thumb_up_mutes_nobody(gate: Gate) -> None:
    jid = new_jid()
    gate.json(evolution(jid), "evolution")
    thumb = {"reactionMessage": {"key": {"id": "3EB0"}, "text": "👍"}}

    assert gate.json(evolution(jid, thumb, fromMe=True), "evolution").json() == STORED
    assert gate.conversation(jid)["bot_status"] == "active"


def test_who_is_written_to_first_is_known_from_then_on(gate: Gate) -> None:
    jid = new_jid()
    gate.json(typed(jid, "Вы оставляли заявку"))
    assert gate.conversation(jid)["name"] is None  # the sender that is named is ourselves

    gate.json(chatflow(jid, "Да"))
    assert [row["role"] for row in gate.messages(jid)] == ["manager", "user"]
    assert gate.conversation(jid)["bot_status"] == "muted"


def test_metas_echo_of_the_phone_is_a_managers(gate: Gate) -> None:
    jid = new_jid()
    echo = cloud_text("77010000009@s", new_id(), to=jid.partition("@")[0])

    assert gate.signed(cloud(contacts=[], messages=None, message_echoes=[echo])).json() == STORED
    assert [row["role"] for row in gate.messages(jid)] == ["manager"]


def test_client_and_manager_in_one_call_both_count(gate: Gate) -> None:
    jid = new_jid()
    echo = cloud_text("77010000009@s", new_id(), to=jid.partition("@")[0])

    assert gate.signed(cloud(cloud_text(jid), message_echoes=[echo])).json() == STORED | {"stored": 2}
    talk = gate.conversation(jid)
    assert (talk["bot_status"], talk["answer_due_at"] is not None) == ("muted", True)
