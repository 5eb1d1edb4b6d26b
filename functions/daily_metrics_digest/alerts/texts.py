"""What a salon's people read when something is wrong: what, by how much, of how many, and what to do."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from functions.daily_metrics_digest.alerts.rules import AlertKind, Facts, Measurement, Severity

MARKS: Mapping[Severity, str] = {"info": "🟡", "warning": "🟠", "critical": "🔴"}

_BUTTONS = {"ru": "✅ Принято", "en": "✅ Accepted"}
_TEXTS: Mapping[str, Mapping[AlertKind, str]] = {
    "ru": {
        "low_conversion": "Мало записей: {actual} % за сутки (записей {bookings}, диалогов {dialogs}), порог "
        "{threshold} %.\nЧто сделать: прочитайте последние диалоги без записи, проверьте свободные окна и цены.",
        "high_drop_off": "Клиенты бросают диалог: {actual} % за сутки ({dropped} из {dialogs}), порог {threshold} %."
        "\nЧто сделать: посмотрите в воронке, на каком шаге уходят, и напишите тем, кто был близко к записи.",
        "error_spike": "Бот не справляется: {actual} % диалогов за сутки ({errors} из {dialogs}) ушли к человеку или "
        "оборвались, порог {threshold} %."
        "\nЧто сделать: ответьте тем, кто ждёт, и покажите эти диалоги тому, кто настраивает бота.",
        "data_stale": "Бот молчит: новых диалогов нет {since}, порог {threshold} ч."
        "\nЧто сделать: напишите боту сами; если не ответит, проверьте, запущен ли он и подключён ли мессенджер.",
    },
    "en": {
        "low_conversion": "Few bookings: {actual}% in 24 hours ({bookings} bookings, {dialogs} dialogs), threshold "
        "{threshold}%.\nWhat to do: read the latest dialogs without a booking, check free slots and prices.",
        "high_drop_off": "Clients leave the dialog: {actual}% in 24 hours ({dropped} of {dialogs}), threshold "
        "{threshold}%.\nWhat to do: see in the funnel where they leave, and write to those who were close to booking.",
        "error_spike": "The bot cannot cope: {actual}% of the dialogs of 24 hours ({errors} of {dialogs}) went to a "
        "person or broke off, threshold {threshold}%.\nWhat to do: answer those who wait, and show these dialogs to "
        "whoever sets the bot up.",
        "data_stale": "The bot is silent: no new dialogs {since}, threshold {threshold} h."
        "\nWhat to do: write to the bot yourself; if it does not answer, see whether it runs and is connected.",
    },
}
_SINCE = {"ru": "с {:%H:%M}", "en": "since {:%H:%M}"}
_SINCE_DAY = {"ru": "с {:%d.%m %H:%M}", "en": "since {:%d.%m %H:%M}"}
_LONG = {"ru": "больше недели", "en": "for more than a week"}


def text(reading: Measurement, severity: Severity, facts: Facts, zone: ZoneInfo, language: str) -> str:
    """The message of an alert."""
    values = {
        "actual": _number(reading.actual, language),
        "threshold": _number(reading.threshold, language),
        "dialogs": facts.dialogs,
        "bookings": facts.bookings,
        "dropped": facts.dropped,
        "errors": facts.errors,
        "since": _since(facts.last_at, facts.now, zone, language),
    }
    return f"{MARKS[severity]} {_TEXTS[language][reading.kind].format(**values)}"


def keyboard(alert_id: int, language: str) -> dict[str, Any]:
    """The button by which somebody says that they have seen it."""
    return {"inline_keyboard": [[{"text": _BUTTONS[language], "callback_data": f"salon/accept/{alert_id}"}]]}


def _number(value: float, language: str) -> str:
    """With one decimal where it is not whole, as the language writes it."""
    shown = f"{value:.1f}".removesuffix(".0")
    return shown.replace(".", ",") if language == "ru" else shown


def _since(last_at: datetime | None, now: datetime, zone: ZoneInfo, language: str) -> str:
    if last_at is None:
        return _LONG[language]
    local = last_at.astimezone(zone)
    is_today = local.date() == now.astimezone(zone).date()
    return (_SINCE if is_today else _SINCE_DAY)[language].format(local)
