"""The salon's figures: what each one is, how it is reckoned, and how it has changed."""

from collections.abc import Mapping

from shared.i18n.texts import Text

TITLE = Text(ru="Показатели", en="Figures")
COMPARED = Text(ru="Сравнение с: {period}", en="Compared with: {period}")
FORMULA = Text(ru="как считается", en="how it is reckoned")

NAMES: Mapping[str, Text] = {
    "dialogs": Text(ru="Диалоги", en="Dialogs"),
    "bookings": Text(ru="Записи", en="Bookings"),
    "conversion": Text(ru="Конверсия", en="Conversion"),
    "response": Text(ru="Ответ бота", en="The bot's answer"),
    "no_shows": Text(ru="Не пришли", en="Did not come"),
    "money": Text(ru="Сумма записей", en="Booked amount"),
    "waiting": Text(ru="Ждут сейчас", en="Waiting now"),
}
FORMULAS: Mapping[str, Text] = {
    "dialogs": Text(
        ru="Диалоги, которые начались в эти дни. Диалог, который бот записал дважды, считается один раз.",
        en="Dialogs that began on these days. One that the bot archived twice counts once.",
    ),
    "bookings": Text(
        ru="Те из этих диалогов, в которых клиент записался.", en="Those of the dialogs in which the client booked."
    ),
    "conversion": Text(
        ru="Записи ÷ диалоги: {bookings} ÷ {dialogs}.", en="Bookings ÷ dialogs: {bookings} ÷ {dialogs}."
    ),
    "response": Text(
        ru="От сообщения клиента до следующего ответа бота в том же диалоге, в среднем. Ответов: {answers}.",
        en="From a client's message to the bot's next answer in that dialog, on average. Answers: {answers}.",
    ),
    "no_shows": Text(
        ru="Визиты, назначенные на эти дни, о которых в YClients отмечено, что клиент не пришёл.",
        en="Visits of these days of which YClients says that the client did not come.",
    ),
    "money": Text(
        ru="Сколько стоят записи из этих диалогов. Это не выручка: отменённые записи здесь тоже есть.",
        en="What the bookings of these dialogs cost. It is not what came in: cancelled ones are in it, too.",
    ),
    "waiting": Text(
        ru="Кто стоит в листе ожидания сейчас. Из них пришли в эти дни: {new}.",
        en="Who is on the waiting list now. Of them came on these days: {new}.",
    ),
}
BEFORE = Text(ru="было {value}", en="was {value}")
POINTS = Text(ru="{value} п. п.", en="{value} pp")
SAME = Text(ru="без изменений", en="no change")

DAYS = Text(ru="По дням", en="Day by day")
DAY = Text(ru="День", en="Day")
CHART = Text(
    ru="Диалоги по дням и те из них, в которых записались; больше всего диалогов в день: {most}",
    en="Dialogs day by day, and those with a booking; most dialogs of a day: {most}",
)
ALERTS_OPEN = Text(ru="Открыты тревоги: {kinds}.", en="Open alerts: {kinds}.")
SEE_ALERTS = Text(ru="Что делать", en="What to do")
NOBODY_WROTE = Text(ru="В эти дни никто не писал.", en="Nobody wrote on these days.")
