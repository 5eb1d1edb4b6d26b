"""Dialogs, one by one."""

from collections.abc import Mapping

from functions.salon_pages.texts.numbers import funnel
from shared.i18n.texts import Text

TITLE = Text(ru="Диалоги", en="Dialogs")
DIALOGS = TITLE
BEGAN = Text(ru="Начало", en="Began")
CLIENT = Text(ru="Клиент", en="Client")
NO_NAME = Text(ru="без имени", en="no name")
CHANNEL = Text(ru="Канал", en="Channel")
ENDING, STEP = funnel.ENDING, funnel.STEP
ENDINGS, STEPS = funnel.ENDINGS, funnel.STEPS
BOOKING = Text(ru="Запись", en="Booking")
SERVICES = Text(ru="Услуги", en="Services")
AMOUNT = Text(ru="Сумма", en="Amount")
MESSAGES = Text(ru="Сообщения", en="Messages")
RESPONSE = Text(ru="Ответ бота", en="The bot's answer")
SUMMARY = Text(ru="Кратко", en="In short")

BOOKED: Mapping[str, Text] = {
    "yes": Text(ru="есть", en="there is one"),
    "no": Text(ru="нет", en="there is none"),
}
SORT = Text(ru="Сначала", en="First")
SORTS: Mapping[str, Text] = {
    "new": Text(ru="новые", en="the newest"),
    "slow": Text(ru="где бот отвечал дольше", en="where the bot took longest"),
}
FILTER = Text(ru="Показать", en="Show")
ALL = Text(ru="Сбросить фильтры", en="Clear the filters")
NONE_FOUND = Text(
    ru="Таких диалогов за эти дни нет. Выберите другие дни или сбросьте фильтры.",
    en="There are no such dialogs on these days. Choose other days or clear the filters.",
)

ONE = Text(ru="Диалог {number}", en="Dialog {number}")
CONVERSATION = Text(ru="Переписка", en="Messages")
NO_MESSAGES = Text(
    ru="Сообщений этого диалога у бота больше нет.", en="The bot has no messages of this dialog any more."
)
ONLY_FIRST = Text(ru="Показаны первые {count} сообщений.", en="The first {count} messages are shown.")
ROLES: Mapping[str, Text] = {
    "user": Text(ru="Клиент", en="Client"),
    "assistant": Text(ru="Бот", en="Bot"),
}
STATUS = Text(ru="Статус у бота", en="The bot's status")
