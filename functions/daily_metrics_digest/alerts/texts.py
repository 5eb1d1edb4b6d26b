"""What a salon's people read when something is wrong: what, by how much, of how many, and what to do."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from functions.daily_metrics_digest.alerts.rules import AlertKind, Facts, Measurement, Severity
from shared.i18n import dates, numbers
from shared.i18n.texts import Language, Text

MARKS: Mapping[Severity, str] = {"info": "🟡", "warning": "🟠", "critical": "🔴"}

ACCEPT = Text(ru="✅ Принято", en="✅ Accepted")
ALERTS: Mapping[AlertKind, Text] = {
    "low_conversion": Text(
        ru="Мало записей: {actual} % за сутки (записей {bookings}, диалогов {dialogs}), порог {threshold} %."
        "\nЧто сделать: прочитайте последние диалоги без записи, проверьте свободные окна и цены.",
        en="Few bookings: {actual}% in 24 hours ({bookings} bookings, {dialogs} dialogs), threshold {threshold}%."
        "\nWhat to do: read the latest dialogs without a booking, check free slots and prices.",
    ),
    "high_drop_off": Text(
        ru="Клиенты бросают диалог: {actual} % за сутки ({dropped} из {dialogs}), порог {threshold} %."
        "\nЧто сделать: посмотрите в воронке, на каком шаге уходят, и напишите тем, кто был близко к записи.",
        en="Clients leave the dialog: {actual}% in 24 hours ({dropped} of {dialogs}), threshold {threshold}%."
        "\nWhat to do: see in the funnel where they leave, and write to those who were close to booking.",
    ),
    "error_spike": Text(
        ru="Бот не справляется: {actual} % диалогов за сутки ({errors} из {dialogs}) ушли к человеку или оборвались, "
        "порог {threshold} %.\nЧто сделать: ответьте тем, кто ждёт, и покажите эти диалоги тому, кто настраивает бота.",
        en="The bot cannot cope: {actual}% of the dialogs of 24 hours ({errors} of {dialogs}) went to a person or "
        "broke off, threshold {threshold}%.\nWhat to do: answer those who wait, and show these dialogs to whoever sets "
        "the bot up.",
    ),
    "data_stale": Text(
        ru="Бот молчит: новых диалогов нет {since}, порог {threshold} ч."
        "\nЧто сделать: напишите боту сами; если не ответит, проверьте, запущен ли он и подключён ли мессенджер.",
        en="The bot is silent: no new dialogs {since}, threshold {threshold} h."
        "\nWhat to do: write to the bot yourself; if it does not answer, see whether it runs and is connected.",
    ),
}
SINCE = Text(ru="с {time}", en="since {time}")
FOR_LONG = Text(ru="больше недели", en="for more than a week")


def alert(measurement: Measurement, severity: Severity, facts: Facts, zone: ZoneInfo, language: Language) -> str:
    """The message of an alert."""
    text = (
        ALERTS[measurement.kind]
        .in_(language)
        .format(
            actual=numbers.number(measurement.actual, language),
            threshold=numbers.number(measurement.threshold, language),
            dialogs=facts.dialogs,
            bookings=facts.bookings,
            dropped=facts.dropped,
            errors=facts.errors,
            since=_since(facts.last_at, facts.now, zone, language),
        )
    )
    return f"{MARKS[severity]} {text}"


def keyboard(alert_id: int, language: Language) -> dict[str, Any]:
    """The button by which somebody says that they have seen it."""
    return {"inline_keyboard": [[{"text": ACCEPT.in_(language), "callback_data": f"salon/accept/{alert_id}"}]]}


def _since(last_at: datetime | None, now: datetime, zone: ZoneInfo, language: Language) -> str:
    if last_at is None:
        return FOR_LONG.in_(language)
    local = last_at.astimezone(zone)
    is_today = local.date() == now.astimezone(zone).date()
    day = "" if is_today else f"{dates.short_day(local, language)} "
    return SINCE.in_(language).format(time=day + dates.clock(local))
