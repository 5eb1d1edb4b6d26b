"""Texts of the digest's caption."""

from shared.i18n.plural import Noun
from shared.i18n.texts import Text

HEAD = Text(ru="<b>{name}</b>: вчера, {day}", en="<b>{name}</b>: yesterday, {day}")

# The bot's tables stand still.
SILENT = Text(
    ru="⚠️ Похоже, бот молчит: таблицы бота не обновлялись {since}. Проверьте, работает ли он.",
    en="⚠️ The bot seems silent: its tables have not changed {since}. Please check that it runs.",
)
SINCE = Text(ru="с {time}", en="since {time}")
NEVER = Text(ru="ни разу", en="ever")
INCOMPLETE = Text(ru="Числа за вчера могут быть неполными.", en="Yesterday's numbers may be incomplete.")
UNKNOWN = Text(ru="Сколько людей писало вчера, неизвестно.", en="How many people wrote yesterday is unknown.")

# To those who look after the bot.
UNKNOWN_ZONE = Text(
    ru="⚠️ Бот «{bot}»: у салона «{name}» неизвестный часовой пояс «{zone}», его дни считаются по {default}.\n"
    "Что сделать: <code>carillon doctor</code>",
    en="⚠️ Bot “{bot}”: salon “{name}” has an unknown time zone, “{zone}”; its days are counted by {default}.\n"
    "What to do: <code>carillon doctor</code>",
)

# Yesterday in numbers, each beside that of the week before.
NOBODY_WROTE = Text(
    ru="Вчера никто не писал: 0 диалогов ({average}).", en="Nobody wrote yesterday: 0 dialogs ({average})."
)
DIALOGS = Text(ru="Диалоги: <b>{value}</b> ({average})", en="Dialogs: <b>{value}</b> ({average})")
BOOKINGS = Text(ru="Записи: <b>{value}</b> ({average})", en="Bookings: <b>{value}</b> ({average})")
CONVERSION = Text(
    ru="Конверсия: <b>{value}</b>, {bookings} из {dialogs} ({average})",
    en="Conversion: <b>{value}</b>, {bookings} of {dialogs} ({average})",
)
RESPONSE = Text(ru="Бот отвечал за {value} ({average})", en="The bot answered in {value} ({average})")
SECONDS = Text(ru="{value} с", en="{value} s")
AVERAGE = Text(ru="в среднем за {days} {value}", en="{days} average {value}")
RESPONSE_AVERAGE = Text(ru="в среднем {value}", en="average {value}")
WEEK_CONVERSION = Text(
    ru="за {days} {value}, {bookings} из {dialogs}", en="over {days} {value}, {bookings} of {dialogs}"
)
NO_WEEK = Text(ru="сравнить пока не с чем", en="nothing to compare with yet")

# What to look at.
OPEN_ALERTS = Text(ru="Открытые тревоги: {kinds}", en="Open alerts: {kinds}")
REVISED = Text(ru="Дошли поздние диалоги, уточнено: {days}.", en="Late dialogs came in, corrected: {days}.")
BEFORE_YESTERDAY = Text(ru="позавчера", en="the day before yesterday")
LOST = Text(
    ru="Где теряли клиентов (диалогов всего: {dialogs}): {stages}",
    en="Where clients were lost (dialogs in all: {dialogs}): {stages}",
)
DISAGREEMENT = Text(
    ru="YClients о записях за вчера ({total}): {what}", en="YClients on yesterday's bookings ({total}): {what}"
)
CANCELLED = Text(ru="отменено {count}", en="{count} cancelled")
NO_SHOW = Text(ru="не пришли {count}", en="{count} did not come")
UNCONFIRMED = Text(ru="не подтверждено {count}", en="{count} not confirmed")
TOP_SERVICES = Text(ru="Чаще всего записывались: {services}", en="Booked most: {services}")
SHARE = Text(ru="{count} из {total}", en="{count} of {total}")
WAITING = Text(ru="В листе ожидания сейчас: {count}", en="On the waiting list now: {count}")

DIALOG = Noun(ru=("диалог", "диалога", "диалогов"), en=("dialog", "dialogs"))
BOOKING = Noun(ru=("запись", "записи", "записей"), en=("booking", "bookings"))
DAY = Noun(ru=("день", "дня", "дней"), en=("day", "days"))
