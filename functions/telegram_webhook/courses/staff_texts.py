"""What curators and administrators read in the school's bot."""

from collections.abc import Mapping

from shared.i18n.texts import Text

STAFF_MENU: Mapping[str, Text] = {
    "held_sessions": Text(ru="✏️ Отметить посещаемость", en="✏️ Mark attendance"),
    "teaching": Text(ru="🗂 Назначить и выложить", en="🗂 Plan and hand out"),
    "broadcasts": Text(ru="📣 Рассылки", en="📣 Broadcasts"),
    "sheets": Text(ru="📊 Таблица когорты", en="📊 A cohort's spreadsheet"),
    "find_person": Text(ru="🔎 Найти человека", en="🔎 Find a person"),
    "match": Text(ru="🙋 Кто это? Запросы", en="🙋 Who is it? Requests"),
}
ADMIN_MENU: Mapping[str, Text] = {
    "unmarked": Text(ru="⏳ Что сегодня не отмечено", en="⏳ Not marked today"),
}

HELD_SESSIONS = Text(ru="Какое занятие отметить?", en="Which session do you want to mark?")
NO_HELD_SESSIONS = Text(ru="Прошедших занятий ещё нет.", en="No session has begun yet.")
UNMARKED = Text(ru="Сегодня отмечено не всё:", en="Not everything is marked today:")
ALL_MARKED = Text(ru="Сегодня отмечено всё.", en="Everything is marked today.")

COUNTS = Text(
    ru="был(и) {present}, опоздали {late}, не был(и) {absent}, не отмечено {unmarked} — всего {people}",
    en="present {present}, late {late}, absent {absent}, not marked {unmarked} of {people}",
)
HELP = Text(
    ru="Нажатие на имя: ✅ был(а) → ❌ не был(а) → 🕐 опоздание. Справа — пять прошлых занятий.",
    en="A press on a name: ✅ present → ❌ absent → 🕐 late. On the right: the last five sessions.",
)
ALL_WERE_THERE = Text(ru="✅ Все были", en="✅ All were there")
ALL_WERE_THERE_ASKED = Text(
    ru="Отметить «был(а)» всех, кто ещё не отмечен: {count}?",
    en="Mark everybody who is not marked yet as present: {count}?",
)
YES = Text(ru="Да", en="Yes")
MARKED = Text(ru="Отмечено", en="Marked")
ABSENT_SIGN = "🙅"
ANNOUNCED = Text(ru="Предупредили, что не придут:", en="Have said that they won't come:")
SOME_ANNOUNCED = Text(
    ru="🙅 Среди них предупредили, что не придут: {count}. Поправьте их отметки после.",
    en="🙅 Of these, {count} said that they won't come. Correct their marks afterwards.",
)
HOW_LATE = Text(ru="{name}: на сколько минут?", en="{name}: how many minutes late?")
PAYMENTS = Text(ru="💳 Оплаты", en="💳 Payments")
PAYMENTS_HELP = Text(ru="Нажатие на имя: 💳 оплачено → ✖️ не оплачено.", en="A press on a name: 💳 paid → ✖️ not paid.")

WRITE_A_NAME = Text(
    ru="Напишите часть имени, ника или @username.", en="Write a part of a name, a nickname or an @username."
)
FOUND = Text(ru="По запросу «{written}»:", en="For “{written}”:")
NOBODY_FOUND = Text(ru="По запросу «{written}» никого нет. Напишите иначе.", en="Nobody for “{written}”. Try again.")
MORE_FOUND = Text(ru="Это не все: напишите точнее.", en="There are more: write it more precisely.")
HAS_ACCOUNT = Text(ru="Аккаунт Telegram подключён.", en="The Telegram account is connected.")
HAS_NO_ACCOUNT = Text(ru="Аккаунт Telegram не подключён.", en="No Telegram account is connected.")
INVITE = Text(ru="🔗 Ссылка-приглашение", en="🔗 Invitation link")
INVITED = Text(ru="Ссылка готова, прежняя больше не действует", en="The link is ready, the former one has ended")
INVITATION = Text(
    ru="Ссылка для одного человека, на {days} дней:\n{link}", en="A link for one person, good for {days} days:\n{link}"
)

WHICH_COHORT = Text(ru="Таблица посещаемости и оплат: какая когорта?", en="Attendance and payments: which cohort?")
NO_COHORTS = Text(ru="Когорт ещё нет.", en="There are no cohorts yet.")
NOBODY_IN_COHORT = Text(ru="В этой когорте нет участников.", en="Nobody takes part in this cohort.")

CHANGES = Text(ru="🕘 Исправления", en="🕘 Corrections")
NO_CHANGES = Text(ru="Никто ничего не исправлял.", en="Nobody has corrected anything.")
