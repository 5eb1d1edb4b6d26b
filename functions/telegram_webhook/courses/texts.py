"""What people of a school read in its bot."""

from collections.abc import Mapping

from functions.telegram_webhook.courses.data.people import Purpose
from shared.i18n.texts import Text

BACK = Text(ru="‹ Назад", en="‹ Back")
EARLIER = Text(ru="‹ Раньше", en="‹ Earlier")
LATER = Text(ru="Дальше ›", en="Next ›")
ONLY_BUTTONS = Text(ru="Бот понимает только кнопки под сообщением.", en="The bot understands the buttons below only.")
EDIT_UNSEEN = Text(
    ru="Правок бот не замечает: пришлите сообщение заново.",
    en="The bot does not notice edits: send the message again.",
)

# Consents --------------------------------------------------------------------------------------------------

AGREE: Mapping[Purpose, Text] = {
    "processing": Text(ru="✅ Согласен(на)", en="✅ I agree"),
    "mailings": Text(ru="✅ Да, присылайте", en="✅ Yes, send them"),
}
DISAGREE: Mapping[Purpose, Text] = {
    "processing": Text(ru="Не согласен(на)", en="I do not agree"),
    "mailings": Text(ru="Нет, не нужно", en="No, thank you"),
}
REFUSED = Text(
    ru="Без согласия бот ничего о вас не хранит и ничего не может показать. Передумаете — нажмите «Согласен(на)».",
    en="Without your consent the bot keeps nothing about you and can show nothing. You may still press “I agree”.",
)
NO_CONSENT_TEXT = Text(
    ru="Бот ещё не готов: школа не написала текст согласия. Загляните позже.",
    en="The bot is not ready yet: the school has written no text of the consent. Come back later.",
)

# Who somebody is -------------------------------------------------------------------------------------------

WHO_ARE_YOU = Text(
    ru="Школа «{school}» пока не знает, кому принадлежит этот аккаунт Telegram.\n\nНажмите кнопку под полем ввода: по "
    "номеру телефона бот найдёт вас в списке. Или напишите имя или ник, под которым вас знает школа, — куратор "
    "подтвердит, что это вы. Или откройте его ссылку-приглашение.",
    en="“{school}” does not know yet whose Telegram account this is.\n\nPress the button below the text field: the bot "
    "finds you in the list by your phone number. Or write the name or nickname by which the school knows you: a "
    "curator confirms that it is you. Or open their invitation link.",
)
SEND_CONTACT = Text(ru="📱 Отправить мой номер", en="📱 Send my number")
ONLY_CONTACT = Text(
    ru="Так бот вас не найдёт: нажмите кнопку под полем ввода или напишите имя.",
    en="This does not help: press the button below, or write your name.",
)
FOREIGN_CONTACT = Text(
    ru="Это чужой контакт. Отправьте свой кнопкой под полем ввода.",
    en="This is somebody else's contact. Send your own by the button below.",
)
UNKNOWN_PHONE = Text(
    ru="Этого номера нет в списке школы, или им пользуются двое. Попросите у куратора ссылку-приглашение.",
    en="This number is not in the school's list, or two people have it. Ask your curator for an invitation link.",
)
INVITATION_INVALID = Text(
    ru="Приглашение уже использовано или устарело. Попросите новое.",
    en="The invitation was used already, or is out of date. Ask for a new one.",
)
RECOGNISED = Text(ru="Готово, вы в списке школы.", en="Done, you are in the school's list.")

# Home ------------------------------------------------------------------------------------------------------

HELLO = Text(ru="Здравствуйте, {name}!", en="Hello, {name}!")
HELLO_NAMELESS = Text(ru="Здравствуйте!", en="Hello!")
MENU: Mapping[str, Text] = {
    "schedule": Text(ru="🗓 Расписание", en="🗓 Schedule"),
    "events": Text(ru="🎉 События", en="🎉 Events"),
    "healing": Text(ru="🌿 Сессии исцеления", en="🌿 Healing sessions"),
    "assignments": Text(ru="📝 Задания", en="📝 Assignments"),
    "materials": Text(ru="📚 Материалы", en="📚 Materials"),
    "my_record": Text(ru="📋 Посещаемость и оплата", en="📋 Attendance and payments"),
    "notifications": Text(ru="🔔 Уведомления", en="🔔 Notifications"),
    "about_me": Text(ru="👤 Что вы обо мне знаете", en="👤 What you know about me"),
}

# Sessions --------------------------------------------------------------------------------------------------

SCHEDULE = Text(ru="Ближайшие занятия", en="Next sessions")
NO_SESSIONS = Text(ru="Занятий пока не назначено.", en="No sessions are planned yet.")
SESSION = Text(ru="Занятие", en="Session")
CANCELLED = Text(ru="отменено", en="cancelled")
ZONE = Text(ru="Время школы: {zone}", en="The school's time: {zone}")
CALENDAR = Text(ru="📅 Файл для календаря", en="📅 File for a calendar")
CALENDAR_FILE = Text(ru="Занятия для вашего календаря", en="Sessions for your calendar")
FILE_SENT = Text(ru="Файл — следующим сообщением", en="The file is in the next message")

# Events, materials, assignments ----------------------------------------------------------------------------

EVENTS = Text(ru="События и сессии исцеления", en="Events and healing sessions")
NO_EVENTS = Text(ru="Пока ничего не назначено.", en="Nothing is planned yet.")
HEALING_SESSION = Text(ru="Сессия исцеления", en="Healing session")
MATERIALS = Text(ru="<b>Материалы</b>", en="<b>Materials</b>")
NO_MATERIALS = Text(ru="Материалов пока нет.", en="There are no materials yet.")
SEND_FILE = Text(ru="📎 Отправить файл", en="📎 Send the file")
ASSIGNMENTS = Text(ru="Задания", en="Assignments")
NO_ASSIGNMENTS = Text(ru="Заданий пока нет.", en="There are no assignments yet.")
DUE = Text(ru="Сдать до: {day}", en="Due: {day}")

# What was noted --------------------------------------------------------------------------------------------

MY_RECORD = Text(ru="Посещаемость и оплата", en="Attendance and payments")
NO_RECORD = Text(ru="Записей пока нет.", en="Nothing was noted yet.")
STATUSES: Mapping[str, Text] = {
    "present": Text(ru="✅ был(а)", en="✅ present"),
    "late": Text(ru="🕐 опоздание", en="🕐 late"),
    "absent": Text(ru="❌ не был(а)", en="❌ absent"),
}
LATE_BY = Text(ru="🕐 опоздание {minutes} мин", en="🕐 late by {minutes} min")
HOMEWORK = Text(ru="📝 Домашнее задание", en="📝 Homework")
NOT_NOTED = Text(ru="не отмечено", en="not noted")
PAID: Mapping[bool, Text] = {True: Text(ru="оплачено", en="paid"), False: Text(ru="не оплачено", en="not paid")}

# Notifications ---------------------------------------------------------------------------------------------

NOTIFICATIONS = Text(ru="Уведомления", en="Notifications")
REMINDERS: Mapping[bool, Text] = {
    True: Text(ru="Напоминания, переносы и отмены: включены", en="Reminders, moves and cancellations: on"),
    False: Text(
        ru="Напоминания, переносы и отмены: выключены, и рассылки тоже",
        en="Reminders, moves and cancellations: off, and so are mailings",
    ),
}
SWITCH_REMINDERS: Mapping[bool, Text] = {
    True: Text(ru="Выключить напоминания", en="Switch reminders off"),
    False: Text(ru="Включить напоминания", en="Switch reminders on"),
}
MAILINGS: Mapping[bool, Text] = {
    True: Text(ru="Рассылки школы: включены", en="The school's mailings: on"),
    False: Text(ru="Рассылки школы: выключены", en="The school's mailings: off"),
}
SWITCH_MAILINGS: Mapping[bool, Text] = {
    True: Text(ru="Отозвать согласие на рассылки", en="Withdraw the consent to mailings"),
    False: Text(ru="Согласиться на рассылки", en="Agree to mailings"),
}
SAVED = Text(ru="Сохранено", en="Saved")

# What is known of somebody ---------------------------------------------------------------------------------

ABOUT_ME = Text(ru="Что вы обо мне знаете", en="What you know about me")
ABOUT_ME_HELP = Text(
    ru="Файлом — всё, что хранит школа: данные, согласия, посещаемость, оплаты, рассылки.",
    en="As a file: all that the school keeps. Your data, consents, attendance, payments, mailings.",
)
SEND_MY_DATA = Text(ru="📄 Всё обо мне файлом", en="📄 All about me as a file")
MY_DATA_FILE = Text(ru="Всё, что школа хранит о вас", en="All that the school keeps about you")
DELETE_ME = Text(ru="🗑 Удалить меня", en="🗑 Delete me")
WHAT_STAYS = Text(
    ru="<b>Удалить вас из школы?</b>\n\nУдалятся имя, контакты, аккаунт Telegram, поток, посещаемость, домашние "
    "задания, сданные работы, записи на сессии и рассылки. Вернуть это будет нельзя.\n\nОстанутся: записи об оплатах "
    "без имени — их обязывает хранить закон о бухгалтерском учёте; отметки о согласиях — школа должна уметь их "
    "доказать; тексты сообщений в очереди отправки — не дольше 30 дней.",
    en="<b>Delete you from the school?</b>\n\nYour name, contacts, Telegram account, stream, attendance, homework, "
    "what you handed in, sign-ups and mailings are deleted. There is no way back.\n\nWhat stays: records of payments "
    "without a name, which the law on accounting demands; notes of consents, which the school has to prove; texts of "
    "messages in the queue, for 30 days at most.",
)
DELETE_ME_FOR_GOOD = Text(ru="Да, удалить навсегда", en="Yes, delete for good")
DELETED = Text(ru="Готово, школа вас больше не знает.", en="Done, the school does not know you any more.")
