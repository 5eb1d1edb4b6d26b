"""What authors of broadcasts read in the school's bot."""

from collections.abc import Mapping

from shared.i18n.plural import Noun
from shared.i18n.texts import Text

BROADCASTS = Text(ru="<b>Рассылки</b>", en="<b>Broadcasts</b>")
NONE_YET = Text(ru="Рассылок ещё не было.", en="There was no broadcast yet.")
NEW = Text(ru="➕ Новая рассылка", en="➕ New broadcast")

STATES: Mapping[str, Text] = {
    "draft": Text(ru="📝 Черновик", en="📝 Draft"),
    "pending": Text(ru="🕒 Ждёт своего времени", en="🕒 Waits for its time"),
    "sending": Text(ru="📤 Отправляется", en="📤 Going out"),
    "paused": Text(ru="⏸ На паузе", en="⏸ Paused"),
    "cancelled": Text(ru="⏹ Остановлена", en="⏹ Cancelled"),
    "withdrawn": Text(ru="🗑 Удалена у получателей", en="🗑 Deleted from chats"),
    "done": Text(ru="✅ Завершена", en="✅ Over"),
    "error": Text(ru="⚠️ Не дошла ни до кого", en="⚠️ Reached nobody"),
}

# The card -----------------------------------------------------------------------------------------------------

TO = Text(ru="Кому: {audience}", en="To: {audience}")
WHEN = Text(ru="Когда: {when}", en="When: {when}")
AT_ONCE = Text(ru="сразу после подтверждения", en="as soon as you confirm")
IN_QUIET_HOURS = Text(
    ru="🌙 Это тихие часы школы: сообщение может разбудить.",
    en="🌙 These are the school's quiet hours: the message may wake people up.",
)
IN_THE_MORNING = Text(ru="🌅 Перенести: {when}", en="🌅 Move it to {when}")
MOVED_TO_MORNING = Text(
    ru="Время изменено. Отправку ещё нужно подтвердить.", en="The time was changed. You still have to confirm it."
)
ALL = Text(ru="все", en="everybody")
COHORT = Text(ru="когорта «{name}»", en="cohort “{name}”")
STREAM = Text(ru="поток «{name}»", en="stream “{name}”")
ROLES: Mapping[str, Text] = {
    "user": Text(ru="участники", en="participants"),
    "curator": Text(ru="кураторы", en="curators"),
    "admin": Text(ru="администраторы", en="administrators"),
}
GET_IT = Text(ru="Получат: {people}.", en="{people} will get it.")
DO_NOT_GET_IT = Text(ru="Не получат: {reasons}.", en="Will not get it: {reasons}.")
TAKES = Text(ru="Отправка займёт {duration}.", en="Sending takes {duration}.")
LESS_THAN_A_MINUTE = Text(ru="меньше минуты", en="less than a minute")
ABOUT = Text(ru="около {duration}", en="about {duration}")
MINUTES = Noun(ru=("минуты", "минут", "минут"), en=("minute", "minutes"))
HOURS = Noun(ru=("часа", "часов", "часов"), en=("hour", "hours"))
OBSTACLES: Mapping[str, Text] = {
    "no_consent": Text(ru="не согласились на рассылки — {count}", en="have not agreed to mailings: {count}"),
    "notifications_off": Text(ru="выключили уведомления — {count}", en="switched notifications off: {count}"),
    "no_account": Text(ru="нет аккаунта Telegram — {count}", en="have no Telegram account: {count}"),
    "unreachable": Text(ru="заблокировали бота — {count}", en="have blocked the bot: {count}"),
}
AS_THEY_SEE_IT = Text(ru="Так это увидят:", en="This is what people see:")
TOO_LONG_TO_SHOW = Text(
    ru="Текст длинный: посмотрите его кнопкой «Прислать мне».", en="The text is long: look at it by “Send it to me”."
)
FILES = Noun(ru=("файл", "файла", "файлов"), en=("file", "files"))
COUNTS = Text(
    ru="Отправлено {sent}, не дошло {failed}, пропущено {skipped}, осталось {queued}",
    en="Sent {sent}, failed {failed}, skipped {skipped}, left {queued}",
)

UNKNOWN = Text(
    ru="Из них неизвестно, дошло ли: {count}. Повторите, если второе такое же сообщение не страшно.",
    en="Of {count} nobody knows. Send it again if a second such message does no harm.",
)

CONTENT = Text(ru="✏️ Текст или файл", en="✏️ Text or file")
AUDIENCE = Text(ru="👥 Кому", en="👥 To whom")
TIME = Text(ru="🕒 Когда", en="🕒 When")
SAMPLE = Text(ru="👁 Прислать мне", en="👁 Send it to me")
SEND = Text(ru="📤 Отправить…", en="📤 Send…")
DELETE_DRAFT = Text(ru="🗑 Удалить черновик…", en="🗑 Delete the draft…")
PAUSE = Text(ru="⏸ Пауза", en="⏸ Pause")
RESUME = Text(ru="▶️ Продолжить", en="▶️ Go on")
CANCEL = Text(ru="⏹ Остановить…", en="⏹ Cancel…")
EDIT = Text(ru="✏️ Изменить текст у всех", en="✏️ Change the text for all")
WITHDRAW = Text(ru="🗑 Удалить у всех…", en="🗑 Delete for all…")
LIST = Text(ru="📄 Список получателей", en="📄 List of recipients")
RETRY = Text(ru="🔁 Повторить, где неизвестно", en="🔁 Send again where unknown")
REFRESH = Text(ru="🔄 Обновить", en="🔄 Refresh")

# What is asked, and what was done -----------------------------------------------------------------------------

ASKED: Mapping[str, Text] = {
    "send": Text(ru="Отправить? Получат: {people}.", en="Send it? {people} will get it."),
    "delete": Text(ru="Удалить черновик?", en="Delete the draft?"),
    "cancel": Text(
        ru="Остановить? Кому уже отправлено, у тех сообщение останется. Продолжить потом будет нельзя.",
        en="Cancel it? Whoever has the message keeps it. It cannot go on afterwards.",
    ),
    "withdraw": Text(
        ru="Удалить сообщение у всех, кто его получил? Telegram удаляет только то, чему меньше 48 часов. "
        "Остальные его не получат.",
        en="Delete the message for all who got it? Telegram deletes only what is less than 48 hours old. "
        "Nobody else will get it.",
    ),
    "replace": Text(
        ru="Заменить текст? Новый увидят и те, кто получил прежний за последние 48 часов.",
        en="Replace the text? Whoever got the former one in the last 48 hours will see the new one, too.",
    ),
}
YES = Text(ru="Да", en="Yes")
CONFIRMED = Text(
    ru="Принято: ход отправки покажет отдельное сообщение", en="Taken: a message of its own shows how far it is"
)
CHANGED_MEANWHILE = Text(
    ru="Черновик изменился, или его время прошло: проверьте ещё раз",
    en="The draft has changed, or its time has passed: check it again",
)
NOBODY = Text(ru="Сейчас отправлять некому", en="There is nobody to send it to now")
PAUSED = Text(ru="На паузе", en="Paused")
RETRIED = Text(ru="Отправляем ещё раз", en="Sending again")
RESUMED = Text(ru="Продолжаем", en="Going on")
CANCELLED = Text(ru="Остановлено", en="Cancelled")
WITHDRAWN = Text(ru="Удаляем", en="Deleting")
REPLACED = Text(ru="Меняем текст", en="Changing the text")
DRAFT_DELETED = Text(ru="Черновик удалён", en="The draft is deleted")
SAMPLE_SENT = Text(ru="Так это увидят: сообщение ниже", en="This is what people see: the message below")
LIST_CAPTION = Text(ru="Получатели рассылки", en="Recipients of the broadcast")
LIST_TOO_LONG = Text(
    ru="Получателей слишком много для бота: carillon courses broadcasts csv",
    en="Too many recipients for the bot: carillon courses broadcasts csv",
)

# Writing it ---------------------------------------------------------------------------------------------------

WRITE_CONTENT = Text(
    ru="Пришлите текст рассылки: жирный шрифт, ссылки и цитаты сохранятся. Или файл с подписью, или альбом.\n\nСнизу "
    "бот добавит, от кого рассылка и как её отключить. До {room} знаков, с файлом до {room_with_file}.",
    en="Send the text of the broadcast; bold, links and quotes stay. Or a file with a caption, or an album.\n\nThe "
    "bot adds from whom it comes and how to switch it off. Up to {room} characters, with files {room_with_file}.",
)
WRITE_NEW_TEXT = Text(
    ru="Пришлите новый текст. Файл, если он есть, останется прежним.", en="Send the new text. A file stays as it is."
)
TOO_LONG = Text(ru="Это слишком длинно: сократите текст.", en="This is too long: shorten the text.")
NOTHING_TO_SEND = Text(
    ru="Такое разослать нельзя. Пришлите текст или файл.", en="This cannot be sent on. Send a text or a file."
)
ALBUM_TAKEN = Text(
    ru="Это альбом: уйдут все его файлы, до десяти. Посмотрите кнопкой «Прислать мне».",
    en="An album: all of its files are sent, up to ten. Look at it by “Send it to me”.",
)
WITHOUT_TITLE = Text(ru="Файл", en="File")

# To whom, when ------------------------------------------------------------------------------------------------

TO_WHOM = Text(ru="Кому отправить?", en="To whom?")
COHORTS = Text(ru="Когорта…", en="A cohort…")
STREAMS = Text(ru="Поток…", en="A stream…")
WHICH_COHORT = Text(ru="Какой когорте?", en="Which cohort?")
WHICH_STREAM = Text(ru="Какому потоку?", en="Which stream?")
ASK_TIME = Text(
    ru="Когда отправить? Выберите день или напишите: «завтра 10:00», «05.12 18:30».\nСейчас в школе {now} ({zone}).",
    en="When? Pick a day, or write “tomorrow 10:00”, “05.12 18:30”.\nIt is {now} at the school ({zone}).",
)
ASK_HOUR = Text(
    ru="{day}: в котором часу? Или напишите время: «18:30».", en="{day}: at what time? Or write it: “18:30”."
)
NOW = Text(ru="Сразу после подтверждения", en="As soon as I confirm")
TIME_NOT_UNDERSTOOD = Text(
    ru="Не понял время, или оно уже прошло. Например: «завтра 10:00».",
    en="I did not get the time, or it has passed. For instance: “tomorrow 10:00”.",
)
TODAY = Text(ru="сегодня", en="today")
TOMORROW = Text(ru="завтра", en="tomorrow")
AT = Text(ru="в", en="at")  # between the day and the time

# Switched off -------------------------------------------------------------------------------------------------

MAILINGS_OFF = Text(ru="Рассылки выключены.", en="Mailings are off.")
MAILINGS_OFF_HELP = Text(
    ru="Напоминания о ваших занятиях остаются. Передумаете — откройте «Уведомления».",
    en="Reminders of your sessions stay. You may change your mind in “Notifications”.",
)
