"""The page of settings."""

from collections.abc import Mapping

from shared.i18n.texts import Text

TITLE = Text(ru="Настройки", en="Settings")
SAVED = Text(ru="Сохранено.", en="Saved.")
NOT_SAVED = Text(ru="Не сохранено: исправьте отмеченное.", en="Not saved: correct what is marked.")
CLOCK = Text(ru="Часы и язык", en="Clock and language")
ALERTS_WHEN = Text(ru="Когда предупреждать", en="When to alert")
QUIET = Text(ru="Тихие часы", en="Quiet hours")
RUSSIAN, ENGLISH = Text(ru="русский", en="Russian"), Text(ru="английский", en="English")
NAMES: Mapping[str, Text] = {
    "timezone": Text(ru="Часовой пояс", en="Time zone"),
    "digest_hour": Text(ru="Час сводки", en="Hour of the digest"),
    "language": Text(ru="Язык сводок", en="Language of digests"),
    "low_conversion": Text(ru="Мало записей, %", en="Few bookings, %"),
    "high_drop_off": Text(ru="Много потерь, %", en="Many lost clients, %"),
    "error_spike": Text(ru="Много ошибок, %", en="Many errors, %"),
    "stale_hours": Text(ru="Бот молчит, часов", en="The bot is silent, hours"),
    "minimum_sample": Text(ru="Не меньше диалогов", en="At least so many dialogs"),
    "quiet_from": Text(ru="С часа", en="From the hour"),
    "quiet_until": Text(ru="До часа", en="To the hour"),
}
HINTS: Mapping[str, Text] = {
    "timezone": Text(
        ru="Например Asia/Almaty или Europe/Moscow. Уже посчитанные дни не меняются.",
        en="Like Asia/Almaty or Europe/Moscow. Days that were counted do not change.",
    ),
    "digest_hour": Text(ru="По часам салона, 0–23.", en="By the salon's clock, 0–23."),
    "low_conversion": Text(ru="Тревога, если конверсия ниже.", en="An alert when conversion is below."),
    "high_drop_off": Text(ru="Тревога, если бросают чаще.", en="An alert when more leave."),
    "error_spike": Text(ru="Тревога, если бот не справляется чаще.", en="An alert when the bot fails more often."),
    "stale_hours": Text(ru="Тревога, если диалогов нет дольше.", en="An alert when there are no dialogs for longer."),
    "minimum_sample": Text(ru="Иначе проценты ни о чём не говорят.", en="Or percentages say nothing."),
    "quiet_from": Text(ru="Ночью приходят только срочные.", en="At night only critical ones come."),
}
WHOLE_NUMBER = Text(ru="Целое число от {minimum} до {maximum}.", en="A whole number from {minimum} to {maximum}.")
NUMBER = Text(ru="Число от {minimum} до {maximum}.", en="A number from {minimum} to {maximum}.")
UNKNOWN_ZONE = Text(ru="Такого часового пояса нет.", en="There is no such time zone.")
CHOOSE = Text(ru="Выберите из списка.", en="Choose from the list.")
