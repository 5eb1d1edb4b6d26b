"""What a desk's managers read in their group, in both languages."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from shared.i18n.texts import Language
from shared.support import cards, topics, write_back
from shared.support.cards import Card
from shared.support.escalation import TriggerType
from shared.support.mute import HandoverStatus

NINE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
CARD = Card(
    handover_id=UUID(int=1), number=7, status="pending", trigger_type="keyword", created_at=NINE,
    resolved_at=NINE.replace(minute=30), taken_at=NINE.replace(minute=5), assigned_to_name="Ия <b>",
    closed_by_name=None, was_cancelled=False, auto_close_timeout=120, timezone="Asia/Almaty", language="ru",
    name="Айгерим", phone="77010000001", user_id=UUID(int=2), telegram_bot_id=1, telegram_chat_id=-1,
    telegram_message_id=None, latest_event=0, lines=[{"role": "user", "content": "Где\nмой <заказ>?"}],
)  # fmt: skip


@pytest.mark.parametrize(
    ("status", "language", "state"),
    [
        ("pending", "ru", "⏳ Ждёт. Нажмите «Беру» или просто ответьте здесь: клиент получит ответ в WhatsApp."),
        ("pending", "en",
         "⏳ Waiting. Press “Take” or just reply here: the customer gets your reply in WhatsApp."),
        ("active", "ru", "🧑‍💼 Ия &lt;b&gt;, 14:05: в работе. Закончите — нажмите «Решено»."),
        ("active", "en", "🧑‍💼 Ия &lt;b&gt;, 14:05: in progress. When you are done, press “Resolved”."),
        ("resolved", "ru", "🧑‍💼 Ия &lt;b&gt;, 14:05\n✅ Решено: кто-то, 14:30"),
        ("resolved", "en", "🧑‍💼 Ия &lt;b&gt;, 14:05\n✅ Resolved: somebody, 14:30"),
        ("timeout", "ru", "⌛ Закрыта 14:30: никто не взял за 120 мин. Клиенту написали."),
        ("timeout", "en", "⌛ Closed 14:30: nobody took it within 120 min. The customer was told."),
        ("bot_handling", "ru", "🧑‍💼 Ия &lt;b&gt;, 14:05\n🤖 Снова у бота: кто-то, 14:30"),
        ("bot_handling", "en", "🧑‍💼 Ия &lt;b&gt;, 14:05\n🤖 Back with the bot: somebody, 14:30"),
    ],
)  # fmt: skip
def test_a_card_in_every_state(status: HandoverStatus, language: Language, state: str) -> None:
    head = {
        "ru": "<b>Заявка № 7</b> · Айгерим · +77010000001\nПочему: клиент просит человека",
        "en": "<b>Request #7</b> · Айгерим · +77010000001\nWhy: the customer asks for a person",
    }[language]

    assert cards.text(replace(CARD, status=status, language=language)) == (
        f"{head}\n<blockquote>👤 Где мой &lt;заказ&gt;?</blockquote>\n{state}"
    )


@pytest.mark.parametrize(
    ("language", "withdrawn"), [("ru", "↩️ Клиент передумал, 14:30"), ("en", "↩️ The customer changed their mind, 14:30")]
)
def test_a_withdrawn_request(language: Language, withdrawn: str) -> None:
    card = replace(CARD, status="bot_handling", was_cancelled=True, language=language)

    assert cards.text(card).endswith(f"\n{withdrawn}")


@pytest.mark.parametrize(
    ("trigger", "russian", "english"),
    [
        ("keyword", "клиент просит человека", "the customer asks for a person"),
        ("intent", "боту лучше не отвечать самому", "the bot had better not answer this itself"),
        ("timeout", "бот не смог ответить", "the bot could not answer"),
        ("manual", "заявка открыта вручную", "the request was opened by hand"),
    ],
)
def test_why_somebody_is_called(trigger: TriggerType, russian: str, english: str) -> None:
    card = replace(CARD, trigger_type=trigger)

    assert f"\nПочему: {russian}\n" in cards.text(card)
    assert f"\nWhy: {english}\n" in cards.text(replace(card, language="en"))


@pytest.mark.parametrize(
    ("status", "russian", "english"),
    [
        ("pending", ["✋ Беру", "🤖 Вернуть боту"], ["✋ Take", "🤖 Back to the bot"]),
        ("active", ["✅ Решено", "🤖 Вернуть боту"], ["✅ Resolved", "🤖 Back to the bot"]),
        ("timeout", [], []),
    ],
)
def test_the_buttons_of_a_card(status: HandoverStatus, russian: list[str], english: list[str]) -> None:
    def labels(language: Language) -> list[str]:
        rows = cards.keyboard(status, 7, language)["inline_keyboard"]
        return [button["text"] for row in rows for button in row]

    assert (labels("ru"), labels("en")) == (russian, english)


def test_a_customer_without_name_and_number_has_a_topic_and_a_card() -> None:
    assert topics.topic_of(UUID(int=2), None, None, "ru").name == "Клиент"
    assert topics.topic_of(UUID(int=2), None, None, "en").name == "Customer"
    assert "<b>Request #7</b> · Customer\n" in cards.text(replace(CARD, language="en", name=None, phone=None))


LOST = {"kind": "support/manager-reply", "state": "dead", "error_class": "blocked", "url": None}


@pytest.mark.parametrize(
    ("row", "russian", "english"),
    [
        ({}, "клиент не принимает сообщения", "the customer does not accept messages"),
        ({"error_class": "window_closed"},
         "прошло больше 24 часов с его последнего сообщения, WhatsApp не пропускает",
         "their last message is more than 24 hours old, and WhatsApp lets nothing through"),
        ({"error_class": "not_supported"}, "такое WhatsApp не принимает",
         "WhatsApp does not accept this kind of message"),
        ({"error_class": "expired"}, "слишком долго не получалось", "it failed for too long"),
        ({"error_class": ""}, "отправку отменили", "sending was cancelled"),
        ({"error_class": "bad_request"}, "bad_request", "bad_request"),
    ],
)  # fmt: skip
def test_a_reply_that_did_not_arrive(row: dict[str, str], russian: str, english: str) -> None:
    assert write_back.undelivered_text({**LOST, **row, "language": "ru"}) == (
        f"⚠️ Сообщение не дошло до клиента: {russian}. Напишите ему другим способом."
    )
    assert write_back.undelivered_text({**LOST, **row, "language": "en"}) == (
        f"⚠️ The message did not reach the customer: {english}. Write to them another way."
    )


@pytest.mark.parametrize(
    ("row", "russian", "english"),
    [
        ({"state": "unknown"}, "⚠️ Неизвестно, дошло ли последнее сообщение до клиента. Проверьте в WhatsApp.",
         "⚠️ It is unknown whether the last message reached the customer. Check in WhatsApp."),
        ({"kind": "support/in-topic", "url": "https://files.example/1"},
         "📎 Файл клиента сюда не загрузился: https://files.example/1",
         "📎 The customer's file could not be loaded here: https://files.example/1"),
    ],
)  # fmt: skip
def test_what_may_have_arrived_and_what_could_not_be_shown(row: dict[str, str], russian: str, english: str) -> None:
    assert write_back.undelivered_text({**LOST, **row, "language": "ru"}) == russian
    assert write_back.undelivered_text({**LOST, **row, "language": "en"}) == english
