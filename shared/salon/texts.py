"""Words that both the digest and the pages have for the same things."""

from collections.abc import Mapping

from shared.i18n.texts import Text

ALERT_KINDS: Mapping[str, Text] = {
    "low_conversion": Text(ru="низкая конверсия", en="low conversion"),
    "high_drop_off": Text(ru="много потерь", en="many lost clients"),
    "error_spike": Text(ru="много ошибок", en="many errors"),
    "data_stale": Text(ru="нет новых данных", en="no new data"),
}
STAGES: Mapping[str, Text] = {
    "service_selection": Text(ru="выбор услуги", en="choosing a service"),
    "staff_selection": Text(ru="выбор мастера", en="choosing a specialist"),
    "date_selection": Text(ru="выбор даты", en="choosing a date"),
    "time_selection": Text(ru="выбор времени", en="choosing a time"),
}
