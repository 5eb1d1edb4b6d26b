"""A desk that speaks English, whose messages come from WhatsApp."""

from collections.abc import Iterator

import pytest

from tests.functions.ingest_webhook.whatsapp.world import World, chatflow, new_jid, typed

SET_LANGUAGE = "update support.client_settings set language = %s where client_id = %s"


@pytest.fixture
def english(world: World) -> Iterator[World]:
    client = world.desks["chatflow"].id
    world.connection.execute(SET_LANGUAGE, ("en", client))
    yield world
    world.connection.execute(SET_LANGUAGE, ("ru", client))


def test_what_cannot_be_shown_is_named_in_the_topic(english: World) -> None:
    jid = new_jid()
    english.open_handover(english.begin_conversation(jid))

    english.json(chatflow(jid, None, messageType="poll"))

    [shown] = english.in_topic(jid)
    assert shown["payload"]["text"] == "👤 [poll]"


def test_who_answers_on_the_phone_has_an_english_name(english: World) -> None:
    jid = new_jid()
    handover = english.open_handover(english.begin_conversation(jid), telegram_message_id=78)

    english.json(typed(jid, "A manager here"))

    [row] = english.rows("select assigned_to_name from support.handovers where id = %s", handover)
    [edit] = english.rows(
        "select payload from platform.outbox where dedup_key like %s", f"support/handover/{handover}/edit/%"
    )
    assert row["assigned_to_name"] == "Phone"
    assert "🧑‍💼 Phone, " in edit["payload"]["text"]
