"""[Принято] under an alert: from the salon's chat and from anywhere else, once and again, at the same instant."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow

from shared.credentials import secrets
from tests.conftest import rows
from tests.functions.telegram_webhook.salon.world import TEXT, ServedSalon, numbers, open_salon
from tests.functions.telegram_webhook.support.world import EVERYBODY, IVAN, OLGA, Json, secret
from tests.helpers import arrange
from tests.helpers.worlds.support import insert

ACCEPTED, FOREIGN, UNKNOWN = "Принято", "Эта кнопка не из этого чата", "Эта кнопка больше не действует"


def test_who_presses_first_has_seen_it_and_the_message_says_so(salon: ServedSalon) -> None:
    alert = salon.alert()

    assert salon.press(alert, OLGA) == ACCEPTED

    row = salon.handover_row(alert)
    assert row["acknowledged_by"] == "Ольга Сон"
    assert row["resolved_at"] is None
    [audit] = salon.audits(alert)
    assert (audit["tenant_id"], audit["action"]) == (salon.id, "acknowledge_alert")
    assert audit["actor"] == f"Ольга Сон (Telegram {OLGA['id']})"
    assert audit["metadata"] == {"alert_id": alert, "telegram_id": OLGA["id"]}
    assert audit["description"] == "low_conversion (warning)"
    [edit] = salon.edits(alert)
    clock = row["acknowledged_at"].astimezone(ZoneInfo("Asia/Almaty"))
    assert (edit["method"], edit["kind"]) == ("editMessageText", "salon/alert-edit")
    assert (edit["bot_id"], edit["chat_id"]) == (salon.bot, salon.chat)
    assert edit["payload"] == {
        "message_id": 555,
        "text": f"{TEXT}\n\n✅ Принято: Ольга Сон, {clock:%H:%M}",
        "reply_markup": {"inline_keyboard": []},
    }


def test_an_anonymous_administrator_is_written_down_as_that(salon: ServedSalon) -> None:
    alert = salon.alert()

    assert salon.press(alert, {"id": 1_087_968_824, "is_bot": True, "first_name": "Group"}) == ACCEPTED

    [audit] = salon.audits(alert)
    assert (audit["actor"], audit["metadata"]["telegram_id"]) == ("Администратор", None)


def test_a_double_tap_is_answered_twice_and_counts_once(salon: ServedSalon) -> None:
    alert = salon.alert()

    told = [salon.press(alert, IVAN), salon.press(alert, IVAN), salon.press(alert, OLGA)]

    assert told == [ACCEPTED, "Уже принято: Иван", "Уже принято: Иван"]
    assert (len(salon.audits(alert)), len(salon.edits(alert))) == (1, 1)
    assert salon.handover_row(alert)["acknowledged_by"] == "Иван"


def test_the_same_update_again_changes_nothing(salon: ServedSalon) -> None:
    alert = salon.alert()
    update = salon.press_update(f"salon/accept/{alert}")

    assert [salon.post(update), salon.post(update)] == [ACCEPTED, "Уже принято: Иван"]
    salon.connection.execute("update dashboard.alerts set acknowledged_at = null where id = %s", (alert,))
    salon.post(update)

    assert salon.handover_row(alert)["acknowledged_at"] is None
    assert len(salon.audits(alert)) == 1


def test_eight_people_at_once_have_one_first(salon: ServedSalon) -> None:
    alert = salon.alert()
    barrier = threading.Barrier(8)

    def one(by: Json) -> str:
        barrier.wait(300)
        return salon.press(alert, by)

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(one, EVERYBODY))

    name = salon.handover_row(alert)["acknowledged_by"]
    assert sorted(told) == sorted([ACCEPTED, *[f"Уже принято: {name}"] * 7])
    assert (len(salon.audits(alert)), len(salon.edits(alert))) == (1, 1)


def test_each_message_of_an_alert_loses_its_button_when_it_is_pressed(salon: ServedSalon) -> None:
    """It was told twice: when it was raised and when it became critical."""
    alert = salon.alert()

    salon.press(alert, IVAN, message=555)
    salon.press(alert, OLGA, message=777)

    edits = [edit["payload"] for edit in salon.edits(alert)]
    assert [edit["message_id"] for edit in edits] == [555, 777]
    assert edits[0]["text"] == edits[1]["text"]


def test_the_edit_keeps_what_the_message_said(salon: ServedSalon) -> None:
    outbox = insert(
        salon.connection, "platform.outbox", bot_id=salon.bot, chat_id=salon.chat, lane=str(salon.chat),
        kind="salon/alert", method="sendMessage", payload='{"text": "Сказано утром"}',
        dedup_key=f"salon/test/{next(numbers)}", correlation_id="c" * 32, policy="at_least_once", expires_at="tomorrow",
    )  # fmt: skip
    alert = salon.alert(outbox_id=outbox)

    salon.press(alert)

    assert salon.edits(alert)[0]["payload"]["text"].startswith("Сказано утром\n\n✅")


def test_an_alert_that_is_over_can_still_be_accepted(salon: ServedSalon) -> None:
    assert salon.press(salon.alert(resolved_at="now")) == ACCEPTED


def test_foreign_chats_bots_and_salons_change_nothing(salon: ServedSalon) -> None:
    other = open_salon(salon.connection, salon.url)
    desk = arrange.bot(salon.connection, f"desk-{next(numbers)}", "7300000001:canary-desk-cccc", system="support")
    [desk_bot] = rows(salon.connection, "select name from platform.bots where id = %s", desk)
    own, foreign = salon.alert(), other.alert()

    told = [
        salon.press(foreign),  # another salon's alert, pressed with our bot in our chat
        salon.press(foreign, chat=other.chat),
        salon.press(own, chat=other.chat),
        salon.press(own, chat=7_100_000_001),  # forwarded to oneself
        salon.post(salon.press_update(f"salon/accept/{own}"), other.bot_name),
        salon.post(salon.press_update(f"salon/accept/{own}"), desk_bot["name"]),
        salon.press(10**17),
    ]

    assert told == [*[FOREIGN] * 5, UNKNOWN, FOREIGN]  # a desk's bot has no alerts at all
    assert salon.untouched(own)
    assert salon.untouched(foreign)


def test_a_salon_that_took_its_bot_or_chat_away_hears_that_the_button_is_foreign(salon: ServedSalon) -> None:
    alert = salon.alert()
    salon.connection.execute("update dashboard.tenant_settings set bot_id = null where tenant_id = %s", (salon.id,))

    assert salon.press(alert) == FOREIGN
    assert salon.untouched(alert)


@pytest.mark.parametrize(
    "data",
    ["salon/accept/", "salon/accept/0", "salon/accept/-1", "salon/accept/{}x", "salon/accept/{}/", " salon/accept/{}",
     "salon/accept/{}\n", "SALON/accept/{}", "salon/reject/{}", "support/accept/{}", "salon/accept/١",
     "salon/accept/9999999999999999999", "salon/accept/1 or 1=1", None, 7, ["salon/accept/{}"]],
)  # fmt: skip
def test_data_that_no_button_of_ours_has_changes_nothing(salon: ServedSalon, data: Any) -> None:
    alert = salon.alert()
    forged = data.format(alert) if isinstance(data, str) else data

    assert salon.post(salon.press_update(forged)) == UNKNOWN
    assert salon.untouched(alert)


def test_a_group_that_became_a_supergroup_is_still_the_salons_chat(salon: ServedSalon) -> None:
    assert salon.chat
    alert, new = salon.alert(), salon.chat - 10**9
    moved = {"message_id": 1, "date": 1_770_000_000, "chat": {"id": salon.chat}, "migrate_to_chat_id": new}
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret(salon.bot_name)}
    update = {"update_id": 940_000_000 + next(numbers), "message": moved}
    httpx.post(f"{salon.url}/{salon.bot_name}", json=update, headers=headers, trust_env=False).raise_for_status()

    assert salon.press(alert, chat=new) == ACCEPTED
    assert [edit["chat_id"] for edit in salon.edits(alert)] == [new]


@pytest.mark.parametrize("timezone", ["Mars/Olympus", "America/New_York"])
def test_english_salons_and_odd_zones(webhook: tuple[psycopg.Connection[DictRow], str], timezone: str) -> None:
    salon = open_salon(*webhook, language="en", timezone=timezone)
    alert = salon.alert()

    assert [salon.press(alert), salon.press(alert)] == ["Accepted", "Already accepted: Иван"]

    zone = ZoneInfo("Asia/Almaty" if timezone.startswith("Mars") else timezone)
    clock: datetime = salon.handover_row(alert)["acknowledged_at"].astimezone(zone)
    assert salon.edits(alert)[0]["payload"]["text"].endswith(f"✅ Accepted: Иван, {clock:%H:%M}")
    assert salon.post(salon.press_update("salon/accept/0")) == "This button does not work any more"
    assert salon.post(salon.press_update(f"salon/accept/{10**17}")) == "This button is not of this chat"


def test_without_its_audit_nothing_is_accepted_and_the_repeat_counts(salon: ServedSalon) -> None:
    alert = salon.alert()
    update = salon.press_update(f"salon/accept/{alert}")
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret(salon.bot_name)}
    salon.connection.execute(
        f"alter table dashboard.audits add constraint nobody check (tenant_id <> '{salon.id}')".encode()
    )

    answer = httpx.post(f"{salon.url}/{salon.bot_name}", json=update, headers=headers, trust_env=False)

    assert answer.status_code >= 500
    assert salon.untouched(alert)
    salon.connection.execute("alter table dashboard.audits drop constraint nobody")
    assert salon.post(update) == ACCEPTED
    assert len(salon.audits(alert)) == 1


def test_the_secret_is_the_bots_own(salon: ServedSalon) -> None:
    """As for every update: who does not know it gets no answer to a press."""
    alert = salon.alert()
    wrong = secrets.telegram_webhook_secrets(arrange.SECRETS_KEY, "another", 1, None)[0]

    answer = httpx.post(
        f"{salon.url}/{salon.bot_name}", json=salon.press_update(f"salon/accept/{alert}"), trust_env=False,
        headers={"X-Telegram-Bot-Api-Secret-Token": wrong},
    )  # fmt: skip

    assert answer.status_code in (401, 403, 404)
    assert salon.untouched(alert)
