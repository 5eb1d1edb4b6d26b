"""What people read about homework and what they hand in."""

from shared.i18n.texts import Text

HOMEWORK = Text(ru="📝 Домашнее задание", en="📝 Homework")
WRITE_THE_LINK = Text(
    ru="Ссылки ещё нет. Пришлите её сообщением: https://…", en="There is no link yet. Send it as a message: https://…"
)
CHANGE_THE_LINK = Text(
    ru="Чтобы заменить ссылку, пришлите другую: её получат те, кому эта ещё не ушла.",
    en="Send another link to replace this one: those who have not got this one get it.",
)
NO_LINK = Text(ru="Это не ссылка. Она начинается с https://", en="This is no link. It begins with https://")
LINK_NOTED = Text(ru="Ссылка записана. Никому ещё не отправлена.", en="The link is noted. It was sent to nobody yet.")
COUNTS = Text(
    ru="Были на занятии: {attended}. Получили: {sent}, в пути: {on_the_way}.",
    en="Attended: {attended}. Have it: {sent}, on its way: {on_the_way}.",
)
FAILED = Text(
    ru="Не дошло: {count} — бот заблокирован или недоступен. Можно отправить ещё раз.",
    en="Did not arrive: {count}: the bot is blocked or out of reach. You can send it again.",
)
OUT_OF_REACH = Text(
    ru="Нет аккаунта Telegram или согласия: {count}. Пригласите их: «Найти человека».",
    en="Without a Telegram account or a consent: {count}. Invite them: “Find a person”.",
)
SEND = Text(ru="📤 Отправить тем, кто был: {count}", en="📤 Send to those who attended: {count}")
ON_ITS_WAY = Text(ru="Отправляется: {count}", en="On its way: {count}")
MESSAGE = Text(ru="<b>📝 Домашнее задание</b>\n{session}\n\n{link}", en="<b>📝 Homework</b>\n{session}\n\n{link}")

# What is handed in ------------------------------------------------------------------------------------------

SUBMIT = Text(ru="📤 Сдать работу", en="📤 Hand in")
SUBMIT_AGAIN = Text(ru="📤 Сдать заново", en="📤 Hand in again")
SUBMIT_ASKED = Text(
    ru="Пришлите работу одним сообщением: текст, файл или альбом до 10 файлов. Длинный текст Telegram делит на части — "
    "его лучше сдать файлом.",
    en="Send your work in one message: a text, a file, or an album of up to 10 files. Telegram cuts a long text into "
    "several messages: hand it in as a file.",
)
SUBMIT_AGAIN_ASKED = Text(
    ru="Пришлите новую работу одним сообщением: текст, файл или альбом до 10 файлов. Она заменит прежнюю. "
    "Длинный текст Telegram делит на части — его лучше сдать файлом.",
    en="Send the new work in one message: a text, a file, or an album of up to 10 files. It replaces the former one. "
    "Telegram cuts a long text into several messages: hand it in as a file.",
)
SUBMITTED = Text(ru="Работа сдана.", en="Handed in.")
NOTHING_TO_SUBMIT = Text(
    ru="Сдать можно текст, документ, фото, видео, аудио или голосовое.",
    en="You can hand in a text, a document, a photo, a video, an audio or a voice message.",
)
PRESS_SUBMIT = Text(ru="Чтобы сдать, сначала нажмите «Сдать».", en="Press “Hand in” first.")
YOU_SUBMITTED = Text(ru="✅ Сдано {moment}", en="✅ Handed in {moment}")
REPLACED = Text(ru="Заменено {moment}", en="Replaced {moment}")
FILES = Text(ru="Файлов: {count}", en="Files: {count}")
MATERIAL = Text(ru="📎 Материал к заданию", en="📎 The assignment's material")
MY_FILES = Text(ru="📎 Что я сдал(а)", en="📎 What I handed in")

SUBMISSIONS = Text(ru="📥 Сданные работы", en="📥 What was handed in")
SUBMITTED_OF = Text(ru="Сдали {submitted} из {people}.", en="{submitted} of {people} have handed in.")
MISSING = Text(ru="Ещё не сдали:", en="Not handed in yet:")
WHO_SUBMITTED = Text(ru="Кто сдал", en="Who has handed in")
WHO_DID_NOT = Text(ru="Кто не сдал", en="Who has not handed in")
TOO_LATE = Text(ru="после срока", en="late")
SHOW_FILES = Text(ru="📎 Показать файлы: {count}", en="📎 Show the files: {count}")
