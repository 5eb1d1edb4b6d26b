"""Presses of alerts whose message is out of the bot's reach (date 0), or that name no message at all (Bot API 10.5)."""

from typing import Any
from uuid import UUID

import pytest

from tests.functions.telegram_webhook.salon.world import ServedSalon, numbers
from tests.functions.telegram_webhook.support.world import IVAN, OLGA, Json
from tests.helpers.worlds.support import insert

ACCEPTED, FOREIGN = "Принято", "Эта кнопка не из этого чата"


def out_of_reach(salon: ServedSalon, alert: UUID, by: Json = IVAN) -> Json:
    update = salon.press_update(f"salon/accept/{alert}", by)
    update["callback_query"]["message"] = {"chat": {"id": salon.chat}, "message_id": 555, "date": 0}
    return update


def without_message(salon: ServedSalon, alert: UUID, by: Json = IVAN) -> Json:
    update = salon.press_update(f"salon/accept/{alert}", by)
    del update["callback_query"]["message"]
    update["callback_query"]["inline_message_id"] = "BAAAAKzCAAAoX8RqAAABLg"
    return update


def sent_alert(salon: ServedSalon, message_id: int = 556) -> UUID:
    """An alert whose message was sent to the salon's chat."""
    outbox = insert(
        salon.connection, "platform.outbox", bot_id=salon.bot, chat_id=salon.chat, lane=str(salon.chat),
        kind="salon/alert", method="sendMessage", payload='{"text": "Сказано утром"}', state="sent",
        dedup_key=f"salon/test/{next(numbers)}", correlation_id="c" * 32, policy="at_least_once",
        expires_at="tomorrow", finished_at="now", message_id=message_id,
    )  # fmt: skip
    return salon.alert(outbox_id=outbox)


@pytest.mark.parametrize("shape", [out_of_reach, without_message])
def test_an_old_alert_is_accepted_by_its_data_and_edited_where_it_was_sent(salon: ServedSalon, shape: Any) -> None:
    alert = sent_alert(salon)

    told = [salon.post(shape(salon, alert, by)) for by in (OLGA, IVAN)]

    assert told == [ACCEPTED, "Уже принято: Ольга Сон"]
    [edit] = salon.edits(alert)
    assert (edit["chat_id"], edit["payload"]["message_id"]) == (salon.chat, 556)
    assert edit["payload"]["text"].startswith("Сказано утром\n\n✅")


@pytest.mark.parametrize(("shape", "edited"), [(out_of_reach, [555]), (without_message, [])])
def test_an_alert_whose_message_is_not_known_is_accepted_all_the_same(
    salon: ServedSalon, shape: Any, edited: list[int]
) -> None:
    alert = salon.alert()

    assert salon.post(shape(salon, alert)) == ACCEPTED
    assert [edit["payload"]["message_id"] for edit in salon.edits(alert)] == edited


def test_an_alert_in_an_owners_own_chat_is_the_owners(salon: ServedSalon) -> None:
    salon.settings(chat_id=OLGA["id"])
    alert = salon.alert()

    assert salon.post(without_message(salon, alert, IVAN)) == FOREIGN
    assert salon.untouched(alert)
    assert salon.post(without_message(salon, alert, OLGA)) == ACCEPTED


def test_who_has_a_chat_with_the_bot_must_have_been_seen_in_the_salons_group(salon: ServedSalon) -> None:
    alert, other = salon.alert(), salon.alert(kind="high_drop_off")
    salon.connection.execute("insert into platform.starts (bot_id, chat_id) values (%s, %s)", (salon.bot, IVAN["id"]))

    assert salon.post(without_message(salon, alert)) == FOREIGN
    assert salon.untouched(alert)
    assert salon.press(other) == ACCEPTED
    assert salon.post(without_message(salon, alert)) == ACCEPTED
