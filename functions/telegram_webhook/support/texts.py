"""What a desk's managers read: toasts, notes below their messages, numbers."""

from collections.abc import Mapping, Sequence

from functions.telegram_webhook.updates.rich_message import LeftOut
from shared.i18n.texts import Text
from shared.support.mute import HandoverStatus
from shared.support.state_machine import Transition

# Toasts of a card's buttons ------------------------------------------------------------------------------

NOT_A_MEMBER = Text(
    ru="Бот вас здесь ещё не видел: отправьте в группу /stats и нажмите ещё раз",
    en="The bot has not seen you here yet: send /stats to the group and press again",
)
NOT_YOUR_DESK = Text(ru="Эта кнопка не от этой заявки", en="This button belongs to another request")
DONE: Mapping[Transition, Text] = {
    "take": Text(ru="Вы взяли заявку № {number}", en="You have taken request #{number}"),
    "resolve": Text(ru="Заявка № {number} решена", en="Request #{number} is resolved"),
    "return_to_bot": Text(ru="Заявка № {number} снова у бота", en="Request #{number} is back with the bot"),
}
STATUSES: Mapping[HandoverStatus, Text] = {
    "pending": Text(ru="Сначала возьмите заявку: «✋ Беру»", en="Take the request first: “✋ Take”"),
    "resolved": Text(ru="Уже решена", en="Already resolved"),
    "timeout": Text(ru="Закрыта: никто не взял вовремя", en="Closed: nobody took it in time"),
    "bot_handling": Text(ru="Уже у бота", en="Already back with the bot"),
}
TAKEN_BY_YOU = Text(ru="Вы уже взяли её", en="You have already taken it")
TAKEN = Text(ru="Уже взял(а) {name}", en="Already taken by {name}")

# Below messages in a topic -------------------------------------------------------------------------------

FILE_STAYED = Text(
    ru="📎 Файл клиенту не ушёл: пришлите ссылкой или текстом.",
    en="📎 The file did not go to the customer: send a link or text instead.",
)
ONLY_WORDS = Text(
    ru="📎 Клиенту ушли только слова: файл пришлите ссылкой.",
    en="📎 Only the words went to the customer: send the file as a link.",
)
ONLY_EMOJI = Text(
    ru="📎 Клиенту ушёл только эмодзи, стикер — нет.",
    en="📎 Only the emoji went to the customer, the sticker did not.",
)
OTHER_STAYED = Text(
    ru="📎 Это клиенту не ушло: напишите словами.", en="📎 This did not go to the customer: say it in words."
)
COMMAND_STAYED = Text(
    ru="📎 Это клиенту не ушло: такой команды нет. Если это ответ, напишите его без «/» в начале.",
    en="📎 This did not go to the customer: there is no such command. If it is a reply, write it without the “/”.",
)
ALBUM_STAYED = Text(
    ru="📎 Альбом клиенту не ушёл: подпись начинается с «//», значит, он для своих.",
    en="📎 The album did not go to the customer: its caption begins with “//”, so it is for colleagues.",
)
SOME_STAYED = Text(
    ru="📎 Клиенту ушли только слова. Не ушло: {what}. Напишите это словами или пришлите ссылкой.",
    en="📎 Only the words went to the customer. What did not: {what}. Say it in words or send a link.",
)
ALL_STAYED = Text(
    ru="📎 Клиенту не ушло: {what}. Напишите это словами или пришлите ссылкой.",
    en="📎 This did not go to the customer: {what}. Say it in words or send a link.",
)
LEFT_OUT: Mapping[LeftOut, Text] = {
    "file": Text(ru="файл", en="the file"),
    "table": Text(ru="таблица", en="the table"),
    "part": Text(ru="часть сообщения", en="a part of the message"),
}
EDIT_STAYED = Text(
    ru="✏️ Правка клиенту не ушла: напишите новым сообщением.",
    en="✏️ The edit did not go to the customer: write a new message.",
)
NO_ACCOUNT = Text(
    ru="⚠️ Клиенту не ушло: не подключён WhatsApp. Администратору: carillon support settings.",
    en="⚠️ This did not go to the customer: no WhatsApp is connected. For the administrator: carillon support settings.",
)
ALREADY_OPEN = Text(ru="Заявка № {number} уже открыта.", en="Request #{number} is open already.")

# /stats --------------------------------------------------------------------------------------------------

NO_REQUESTS = Text(ru="Заявок за 7 дней не было.", en="No requests in the last 7 days.")
PERIODS: Sequence[Text] = (
    Text(ru="Сегодня: {numbers}", en="Today: {numbers}"),
    Text(ru="Вчера: {numbers}", en="Yesterday: {numbers}"),
    Text(ru="7 дней: {numbers}", en="7 days: {numbers}"),
)
PERIOD = Text(
    ru="заявок {requests}, закрыто по таймауту {timeouts} ({percent} %), {replies}, напоминаний {reminders}",
    en="requests {requests}, timed out {timeouts} ({percent}%), {replies}, reminders {reminders}",
)
EMPTY_PERIOD = Text(ru="заявок не было", en="no requests")
NO_REPLIES = Text(ru="ответов не было", en="no replies")
FIRST_REPLY = Text(
    ru="первый ответ за {usual} (9 из 10 за {most})", en="first reply in {usual} (9 of 10 within {most})"
)
MANAGERS = Text(ru="Кто брал за 7 дней:", en="Who took requests in the last 7 days:")
MANAGER = Text(ru="{name}: взято {requests}", en="{name}: took {requests}")
MANAGER_REPLIES = Text(ru=", отвечает обычно за {usual}", en=", usually replies in {usual}")
ONE_MINUTE = Text(ru="минуту", en="a minute")
MINUTES = Text(ru="{minutes} мин", en="{minutes} min")


def stayed(left_out: Sequence[LeftOut], *, some_words_went: bool) -> Text:
    """What of a manager's message did not go to the customer, and what to do."""
    match left_out:
        case ["file"]:
            return ONLY_WORDS if some_words_went else FILE_STAYED
        case ["sticker"]:
            return ONLY_EMOJI
        case ["command"]:
            return COMMAND_STAYED
        case ["internal"]:
            return ALBUM_STAYED
        case ["everything"]:
            return OTHER_STAYED
    text = SOME_STAYED if some_words_went else ALL_STAYED
    named = [LEFT_OUT[kind] for kind in left_out if kind in LEFT_OUT]
    return Text(
        ru=text.ru.format(what=", ".join(name.ru for name in named)),
        en=text.en.format(what=", ".join(name.en for name in named)),
    )
