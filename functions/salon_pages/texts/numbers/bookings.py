"""Visits, as YClients knows them."""

from functions.salon_pages.texts.numbers import funnel
from shared.i18n.texts import Text

TITLE = Text(ru="Записи", en="Bookings")
VISITS = Text(ru="Визиты этих дней", en="Visits of these days")
VISITS_NOTE = Text(
    ru="Сначала те, где бот и YClients расходятся: отменена, клиент не пришёл, не найдена.",
    en="First those where the bot and YClients disagree: cancelled, the client did not come, not found.",
)
VISIT = Text(ru="Визит", en="Visit")
CLIENT = Text(ru="Клиент", en="Client")
SERVICE = Text(ru="Услуга", en="Service")
NUMBER = Text(ru="Номер в YClients", en="Number in YClients")
VERDICT, VERDICTS = funnel.VERDICT, funnel.VERDICTS
VERIFIED = Text(ru="Проверено", en="Checked")
FILTER = Text(ru="Показать", en="Show")
NONE_FOUND = Text(
    ru="Визитов за эти дни нет. Записи проверяются в YClients каждый час.",
    en="There are no visits on these days. Bookings are checked in YClients every hour.",
)

MONTHS = Text(ru="По месяцам визита", en="By the month of the visit")
MONTHS_NOTE = Text(ru="Визиты, время которых прошло.", en="Visits whose time has passed.")
MONTH = Text(ru="Месяц", en="Month")
ALL_VISITS = Text(ru="Визиты", en="Visits")
CAME = Text(ru="Пришли", en="Came")
CANCELLED = Text(ru="Отменены", en="Cancelled")
CANCELLED_SHARE = Text(ru="Отмены, %", en="Cancelled, %")
NO_SHOWS = Text(ru="Не пришли", en="Did not come")
NO_SHOW_SHARE = Text(ru="Неявки, %", en="No-shows, %")
UNCONFIRMED = Text(ru="Не найдены", en="Not found")
OPEN = Text(ru="Не отмечено", en="Not noted")
