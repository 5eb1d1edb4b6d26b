"""Periods that people choose, and what they are compared with."""

from shared.i18n.texts import Text

TODAY = Text(ru="Сегодня", en="Today")
YESTERDAY = Text(ru="Вчера", en="Yesterday")
WEEK = Text(ru="7 дней", en="7 days")
THIRTY_DAYS = Text(ru="30 дней", en="30 days")
THIS_MONTH = Text(ru="Этот месяц", en="This month")
LAST_MONTH = Text(ru="Прошлый месяц", en="Last month")
