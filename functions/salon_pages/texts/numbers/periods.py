"""Periods that people choose, and what they are compared with."""

from shared.i18n.texts import Text

TODAY = Text(ru="Сегодня", en="Today")
YESTERDAY = Text(ru="Вчера", en="Yesterday")
WEEK = Text(ru="7 дней", en="7 days")
THIRTY_DAYS = Text(ru="30 дней", en="30 days")
THIS_MONTH = Text(ru="Этот месяц", en="This month")
LAST_MONTH = Text(ru="Прошлый месяц", en="Last month")

PERIOD = Text(ru="Период", en="Period")
OWN_PERIOD = Text(ru="Другие дни", en="Other days")
FROM, TO = Text(ru="С", en="From"), Text(ru="По", en="To")
SHOW = Text(ru="Показать", en="Show")
ZONE = Text(ru="дни по времени салона, {zone}", en="days by the salon's clock, {zone}")
SO_FAR = Text(ru="на {time}", en="until {time}")
ACTION = Text(ru="Действие", en="Action")
TOTAL = Text(ru="Всего", en="In all")
ROWS = Text(ru="Показано {shown} из {found}.", en="{shown} of {found} are shown.")
OLDER, NEWER = Text(ru="Дальше", en="Next"), Text(ru="Раньше", en="Previous")
EMPTY = Text(ru="За эти дни здесь ничего нет.", en="There is nothing here for these days.")
ANY = Text(ru="любые", en="any")
