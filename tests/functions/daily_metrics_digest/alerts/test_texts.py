"""What a salon's people read of an alert, to the letter."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from functions.daily_metrics_digest.alerts import texts
from functions.daily_metrics_digest.alerts.rules import AlertKind, Facts, Measurement
from shared.i18n.texts import Language

ALMATY = ZoneInfo("Asia/Almaty")
FACTS = Facts(
    now=datetime(2026, 11, 20, 9, 0, tzinfo=UTC), dialogs=40, bookings=3, dropped=31, errors=9, dialogs_of_week=200,
    last_at=datetime(2026, 11, 20, 1, 30, tzinfo=UTC),
)  # fmt: skip


def alert(kind: AlertKind, language: Language, facts: Facts = FACTS) -> str:
    reading = Measurement(kind, threshold=20.0, actual=7.5, beyond=0.6, is_better=False)
    return texts.alert(reading, "warning", facts, ALMATY, language)


@pytest.mark.parametrize(
    ("kind", "language", "first_line"),
    [
        ("low_conversion", "ru", "Мало записей: 7,5 % за сутки (записей 3, диалогов 40), порог 20 %."),
        ("low_conversion", "en", "Few bookings: 7.5% in 24 hours (3 bookings, 40 dialogs), threshold 20%."),
        ("high_drop_off", "ru", "Клиенты бросают диалог: 7,5 % за сутки (31 из 40), порог 20 %."),
        ("high_drop_off", "en", "Clients leave the dialog: 7.5% in 24 hours (31 of 40), threshold 20%."),
        ("error_spike", "ru", ("Бот не справляется: 7,5 % диалогов за сутки (9 из 40) ушли к человеку или оборвались"
         ", порог 20 %.")),
        ("error_spike", "en", ("The bot cannot cope: 7.5% of the dialogs of 24 hours (9 of 40) went to a person or "
         "broke off, threshold 20%.")),
        ("data_stale", "ru", "Бот молчит: новых диалогов нет с 06:30, порог 20 ч."),
        ("data_stale", "en", "The bot is silent: no new dialogs since 06:30, threshold 20 h."),
    ],
)  # fmt: skip
def test_an_alert_says_what_is_wrong_and_what_to_do(kind: AlertKind, language: Language, first_line: str) -> None:
    first, second = alert(kind, language).split("\n")

    assert first == f"🟠 {first_line}"
    assert second.startswith({"ru": "Что сделать: ", "en": "What to do: "}[language])


@pytest.mark.parametrize(
    ("language", "yesterday", "never"),
    [("ru", "с 19.11 23:30", "больше недели"), ("en", "since 19 Nov 23:30", "for more than a week")],
)
def test_a_silence_that_began_another_day_names_it(language: Language, yesterday: str, never: str) -> None:
    before = replace(FACTS, last_at=datetime(2026, 11, 19, 18, 30, tzinfo=UTC))

    assert f" {yesterday}, " in alert("data_stale", language, before)
    assert f" {never}, " in alert("data_stale", language, replace(FACTS, last_at=None))


@pytest.mark.parametrize(("language", "button"), [("ru", "✅ Принято"), ("en", "✅ Accepted")])
def test_the_button_names_the_alert(language: Language, button: str) -> None:
    assert texts.keyboard(7, language) == {
        "inline_keyboard": [[{"text": button, "callback_data": "salon/accept/7"}]],
    }
