"""A desk that speaks English, from the card to /stats, as its managers see it."""

from typing import Any

import pytest

from functions.telegram_webhook.support import stats
from tests.conftest import rows
from tests.functions.telegram_webhook.support.world import IVAN, OLGA, Case, Json, Managers, toast
from tests.helpers.worlds import support

TOKEN = "7002000001:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
PHOTO = [{"file_id": "AgACAgIAAxk", "file_unique_id": "AQAD", "width": 90, "height": 90}]
BOT = "english-tg"


class EnglishManagers(Managers):
    """The managers of an English desk: what they do comes by its bot, in its group."""

    def post(self, update: Json, bot: str = BOT) -> Any:
        return super().post(update, bot)

    def press(self, case: Case, move: str, by: Json = OLGA, **how: Any) -> str:
        return toast(self.post(self.press_update(case, move, by, **how)))


@pytest.fixture(scope="module")
def english(managers: Managers) -> EnglishManagers:
    of = support.desk(managers.connection, "english", -1_001_930_000_001, TOKEN, language="en")
    return EnglishManagers(managers.connection, of, managers.url, managers.numbers)


def test_a_request_from_its_card_to_its_end(english: EnglishManagers) -> None:
    case = english.case(None)
    english.say(case, text="/handover")
    [opened] = rows(
        english.connection,
        "select h.id, h.number, o.payload ->> 'text' as text from support.handovers h"
        " join platform.outbox o on o.id = h.outbox_id where h.conversation_id = %s",
        case.conversation,
    )
    assert opened["text"].splitlines()[0].startswith(f"<b>Request #{opened['number']}</b> · Айгерим ")
    assert "\nWhy: the request was opened by hand\n" in opened["text"]
    english.say(case, text="/handover")
    assert english.topic_notes(case) == [f"Request #{opened['number']} is open already."]

    case = Case(case.conversation, opened["id"], opened["number"], case.thread, 100_000, case.jid)
    assert english.press(case, "resolve") == "Take the request first: “✋ Take”"
    assert english.press(case, "take") == f"You have taken request #{case.number}"
    assert english.press(case, "take") == "You have already taken it"
    assert english.press(case, "take", IVAN) == "Already taken by Ольга Сон"
    assert "in progress. When you are done, press “Resolved”." in english.edits(case)[-1]["text"]
    assert english.press(case, "resolve") == f"Request #{case.number} is resolved"
    assert english.press(case, "resolve") == "Already resolved"
    assert "✅ Resolved: Ольга Сон, " in english.edits(case)[-1]["text"]


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("bot_handling", "Already back with the bot"),
        ("timeout", "Closed: nobody took it in time"),
        ("pending", "Request #{} is back with the bot"),
    ],
)
def test_a_request_goes_back_to_the_bot(english: EnglishManagers, status: str, told: str) -> None:
    case = english.case(status)

    assert english.press(case, "return_to_bot") == told.format(case.number)


def test_what_does_not_go_to_the_customer_is_told_below_it(english: EnglishManagers) -> None:
    case = english.case("active")

    english.say(case, photo=PHOTO)
    english.say(case, photo=PHOTO, caption="Look")
    english.say(case, story={"chat": {"id": 1}, "id": 2})
    english.say(case, kind="edited_message", text="Mended")
    table = {"type": "table", "cells": []}
    english.say(case, rich_message={"blocks": [{"type": "paragraph", "text": "Prices"}, table]})
    english.say(case, rich_message={"blocks": [table]})
    english.say(case, sticker={"emoji": "👍"})
    english.say(case, text="/price 5")
    english.say(case, photo=PHOTO, caption="// ours", media_group_id="7")

    assert english.topic_notes(case) == [
        "📎 The file did not go to the customer: send a link or text instead.",
        "📎 Only the words went to the customer: send the file as a link.",
        "📎 This did not go to the customer: say it in words.",
        "✏️ The edit did not go to the customer: write a new message.",
        "📎 Only the words went to the customer. What did not: the table. Say it in words or send a link.",
        "📎 This did not go to the customer: the table. Say it in words or send a link.",
        "📎 Only the emoji went to the customer, the sticker did not.",
        "📎 This did not go to the customer: there is no such command. If it is a reply, write it without the “/”.",
        "📎 The album did not go to the customer: its caption begins with “//”, so it is for colleagues.",
    ]


def test_a_desk_without_whatsapp_is_told_so(managers: Managers) -> None:
    number = next(managers.numbers)
    of = support.desk(
        managers.connection, f"mute{number}", -1_001_931_000_000 - number,
        f"7003{number:06}:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr", language="en",
    )  # fmt: skip
    managers.connection.execute(
        "update support.client_settings set whatsapp_bot_id = null where client_id = %s", (of.id,)
    )
    english = Managers(managers.connection, of, managers.url, managers.numbers)
    case = english.case("active")

    english.post(english.message_update(case, text="Hello"), f"mute{number}-tg")

    [note] = english.topic_notes(case)
    assert note.startswith("⚠️ This did not go to the customer: no WhatsApp is connected.")


def test_buttons_of_nobodys_request_speak_the_bots_language(english: EnglishManagers) -> None:
    case = english.case()
    unseen = {"id": 7_100_000_077, "first_name": "Ada"}
    gone = english.press_update(case, "take", unseen)
    del gone["callback_query"]["message"]
    english.connection.execute(
        "insert into platform.starts (bot_id, chat_id) values (%s, %s)", (english.desk.telegram_bot, unseen["id"])
    )

    assert (
        english.press(case, "take", data="support/take/999999999999999999") == "This button belongs to another request"
    )
    assert english.press(case, "take", data="support/close/1") == "This button does not work any more"
    assert toast(english.post(gone)) == ("The bot has not seen you here yet: send /stats to the group and press again")


def test_an_administrator_and_a_nameless_manager_have_english_names(english: EnglishManagers) -> None:
    administrator = {"id": 1_087_968_824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    nameless = {"id": 7_100_000_053, "first_name": "\u200b"}
    for by, name in ((administrator, "Administrator"), (nameless, "Nameless")):
        case = english.case()
        english.press(case, "take", by)
        assert english.handover_row(case)["assigned_to_name"] == name


def test_the_numbers(english: EnglishManagers) -> None:
    number = next(english.numbers)
    name = f"count{number}"
    token = f"7004{number:06}:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
    of = support.desk(english.connection, name, -1_001_932_000_000 - number, token, language="en")
    update = {
        "update_id": 1_000_000 + number,
        "message": {"message_id": 1, "date": 1, "chat": {"id": of.chat, "type": "supergroup"}, "from": IVAN,
                    "text": "/stats"},
    }  # fmt: skip

    english.post(update, f"{name}-tg")

    [said] = rows(english.connection, "select payload from platform.outbox where chat_id = %s", of.chat)
    assert said["payload"] == {"text": f"📊 {name}\nNo requests in the last 7 days."}


def test_the_numbers_of_two_desks_each_in_its_language() -> None:
    counts: Json = {"handovers": 3, "timeouts": 1, "timeout_percent": 33.3, "p50": 3, "p90": 3.8, "reminders": 2}
    none = {"handovers": 0, "timeouts": 0, "timeout_percent": None, "p50": None, "p90": None, "reminders": 0}
    unanswered = {**counts, "p50": None}
    desks: list[Json] = [
        {"client_id": 1, "name": "Echo", "language": "en"},
        {"client_id": 2, "name": "Эхо", "language": "ru"},
    ]
    periods = [
        {**head, "place": place, **row} for head in desks for place, row in enumerate((counts, none, unanswered))
    ]
    taken = {"manager": "Olga", "handovers": 2, "p50": 1, "client_id": 1}

    assert stats.text(periods, [taken, {**taken, "p50": None, "client_id": 2}]).splitlines() == [
        "📊 Echo",
        "Today: requests 3, timed out 1 (33.3%), first reply in 3 min (9 of 10 within 3.8 min), reminders 2",
        "Yesterday: no requests",
        "7 days: requests 3, timed out 1 (33.3%), no replies, reminders 2",
        "Who took requests in the last 7 days:",
        "Olga: took 2, usually replies in a minute",
        "",
        "📊 Эхо",
        "Сегодня: заявок 3, закрыто по таймауту 1 (33,3 %), первый ответ за 3 мин (9 из 10 за 3,8 мин), напоминаний 2",
        "Вчера: заявок не было",
        "7 дней: заявок 3, закрыто по таймауту 1 (33,3 %), ответов не было, напоминаний 2",
        "Кто брал за 7 дней:",
        "Olga: взято 2",
    ]
