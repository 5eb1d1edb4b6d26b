"""What a desk's managers read in their group, in both languages."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from shared.i18n.texts import Language
from shared.support import cards, texts, topics
from shared.support.cards import Card
from shared.support.escalation import TriggerType
from shared.support.mute import HandoverStatus
from shared.support.write_back import undelivered_text
from tests.helpers.serving import ROOT

NINE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
CARD = Card(
    handover_id=UUID(int=1), number=7, status="pending", trigger_type="keyword", created_at=NINE,
    resolved_at=NINE.replace(minute=30), taken_at=NINE.replace(minute=5), assigned_to_name="Ия <b>",
    closed_by_name=None, was_cancelled=False, auto_close_timeout=120, timezone="Asia/Almaty", language="ru",
    name="Айгерим", phone="77010000001", user_id=UUID(int=2), telegram_bot_id=1, telegram_chat_id=-1,
    telegram_message_id=None, has_account=True, latest_event=0,
    lines=[{"role": "user", "content": "Где\nмой <заказ>?"}],
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


LOST = {"kind": "support/manager-reply", "state": "dead", "error_class": "window_closed", "url": None}
RUSSIAN_AND_ENGLISH: tuple[tuple[Language, str], ...] = (
    ("ru", "⚠️ Сообщение не дошло до клиента: "),
    ("en", "⚠️ The message did not reach the customer: "),
)
SOURCES = ("shared/channels", "functions/dispatch_notifications/outbox", "functions/ingest_webhook/whatsapp/gateways")
# `Outcome("bad_request", "no_whatsapp")`, the tables of codes, `error_class="expired"`, and what may be missing.
CLASS = re.compile(r'"[a-z_]+", "([a-z_]+)"[,)]|error_class="([a-z_]+)"|return "([a-z_]+)" if result')


def error_classes() -> set[str]:
    """Every word that may stand in the outbox as the class of an error, as the code has it."""
    files = [path for folder in SOURCES for path in (ROOT / folder).rglob("*.py")]
    found = {word for path in files for words in CLASS.findall(path.read_text("utf-8")) for word in words if word}
    return found | set(texts.NOT_DELIVERED_REASONS) | {"by_hand", "a_class_of_tomorrow"}


def lost(language: Language, **row: str) -> str:
    """What managers read of a lost message."""
    return undelivered_text({**LOST, **row, "language": language})


@pytest.mark.parametrize("error_class", sorted(error_classes()))
def test_a_reply_that_did_not_arrive_is_told_in_words_and_with_a_next_step(error_class: str) -> None:
    for language, begins in RUSSIAN_AND_ENGLISH:
        told = lost(language, error_class=error_class)

        assert told.startswith(begins)
        assert len(re.findall(r"\.(?: |$)", told)) >= 2, "why, and what to do"
        assert not re.search(r"[a-z]_[a-z]", told), "a class is no word for people"
        assert len(told) < 200


def test_the_classes_of_errors_are_found() -> None:
    assert error_classes() >= {
        "undeliverable", "not_allowed", "window_closed", "no_whatsapp", "not_supported", "bad_request", "exhausted",
        "expired", "poison", "said_failed", "account_refused", "rate_limited", "server_error", "file_not_loaded",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("error_class", "russian", "english"),
    [
        ("window_closed",
         "он не писал больше 24 часов, и WhatsApp ничего не пропускает. Дождитесь его сообщения или позвоните ему.",
         ("they have not written for more than 24 hours, and WhatsApp lets nothing through. "
          "Wait until they write, or call them.")),
        ("no_whatsapp", "на его номере нет WhatsApp. Проверьте номер или позвоните ему.",
         "their number has no WhatsApp. Check the number, or call them."),
        ("expired", "за сутки его не удалось отправить. Отправьте ещё раз, если это ещё нужно.",
         "it could not be sent for a day. Send it again if it still matters."),
        ("", "отправку отменил администратор. Отправьте ещё раз, если это ещё нужно.",
         "the administrator cancelled it. Send it again if it still matters."),
        ("bad_request",
         "WhatsApp его не принял. Отправьте другими словами или другим файлом. Не выходит — скажите администратору.",
         ("WhatsApp did not take it. Send it in other words, or as another file. "
          "If that fails, tell the administrator.")),
    ],
)  # fmt: skip
def test_why_a_reply_did_not_arrive(error_class: str, russian: str, english: str) -> None:
    assert lost("ru", error_class=error_class) == f"⚠️ Сообщение не дошло до клиента: {russian}"
    assert lost("en", error_class=error_class) == f"⚠️ The message did not reach the customer: {english}"


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
    assert lost("ru", **row) == russian
    assert lost("en", **row) == english
