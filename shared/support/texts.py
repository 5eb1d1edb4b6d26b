"""What a desk's managers read in their group: cards, and notes in a customer's topic."""

from collections.abc import Mapping

from shared.i18n.texts import Text
from shared.support.escalation import TriggerType
from shared.support.state_machine import Transition

CUSTOMER = Text(ru="Клиент", en="Customer")  # whose name and number are not known
SOMEBODY = Text(ru="кто-то", en="somebody")

# Messages that came late: «писали 30 ч назад, 19.11 в 10:00» ----------------------------------------

WRITTEN_BEFORE = Text(ru="[писали {ago} назад, {day} в {time}]", en="[written {ago} ago, {day} at {time}]")
CALLED_BEFORE = Text(ru="[звонили {ago} назад, {day} в {time}]", en="[called {ago} ago, {day} at {time}]")
MINUTES = Text(ru="{count} мин", en="{count} min")
HOURS = Text(ru="{count} ч", en="{count} h")

# What customers are told to write for a manager to be called; of DEFAULT_KEYWORDS in each language.
CALL_A_MANAGER = Text(ru="позовите менеджера", en="call a manager")

# Cards -----------------------------------------------------------------------------------------------

BUTTONS: Mapping[Transition, Text] = {
    "take": Text(ru="✋ Беру", en="✋ Take"),
    "resolve": Text(ru="✅ Решено", en="✅ Resolved"),
    "return_to_bot": Text(ru="🤖 Вернуть боту", en="🤖 Back to the bot"),
}
CARD = Text(ru="<b>Заявка № {number}</b> · {who}\nПочему: {why}", en="<b>Request #{number}</b> · {who}\nWhy: {why}")
WHY: Mapping[TriggerType, Text] = {
    "keyword": Text(ru="клиент просит человека", en="the customer asks for a person"),
    "intent": Text(ru="боту лучше не отвечать самому", en="the bot had better not answer this itself"),
    "timeout": Text(ru="бот не смог ответить", en="the bot could not answer"),
    "manual": Text(ru="заявка открыта вручную", en="the request was opened by hand"),
}
PENDING = Text(
    ru="⏳ Ждёт. Нажмите «Беру» или просто ответьте здесь: клиент получит ответ в WhatsApp.",
    en="⏳ Waiting. Press “Take” or just reply here: the customer gets your reply in WhatsApp.",
)
PENDING_WITHOUT_ACCOUNT = Text(
    ru="⏳ Ждёт. Нажмите «Беру». WhatsApp не подключён: ответьте клиенту с телефона.",
    en="⏳ Waiting. Press “Take”. No WhatsApp is connected: reply to the customer from the phone.",
)
ACTIVE = Text(
    ru="{taken}: в работе. Закончите — нажмите «Решено».",
    en="{taken}: in progress. When you are done, press “Resolved”.",
)
RESOLVED = Text(ru="✅ Решено: {name}, {time}", en="✅ Resolved: {name}, {time}")
TIMED_OUT = Text(
    ru="⌛ Закрыта {time}: никто не взял за {minutes} мин. Клиенту написали.",
    en="⌛ Closed {time}: nobody took it within {minutes} min. The customer was told.",
)
TIMED_OUT_WITHOUT_ACCOUNT = Text(
    ru="⌛ Закрыта {time}: никто не взял за {minutes} мин. Клиенту ничего не ушло: нет WhatsApp.",
    en="⌛ Closed {time}: nobody took it within {minutes} min. Nothing went to the customer: no WhatsApp.",
)
CANCELLED = Text(ru="↩️ Клиент передумал, {time}", en="↩️ The customer changed their mind, {time}")
RETURNED = Text(ru="🤖 Снова у бота: {name}, {time}", en="🤖 Back with the bot: {name}, {time}")

# Files of customers ------------------------------------------------------------------------------------

FILE_KINDS: Mapping[str, Text] = {
    "image": Text(ru="фото", en="photo"),
    "video": Text(ru="видео", en="video"),
    "audio": Text(ru="аудио", en="audio"),
    "voice": Text(ru="голосовое сообщение", en="voice message"),
    "document": Text(ru="файл", en="file"),
    "sticker": Text(ru="стикер", en="sticker"),
}
FILE_NOT_SHOWN = Text(
    ru="[{kind}: сюда не передаётся, откройте WhatsApp на телефоне]",
    en="[{kind}: not shown here, open WhatsApp on the phone]",
)
FILE_NOT_LOADED = Text(
    ru="📎 Файл клиента сюда не загрузился: {url}", en="📎 The customer's file could not be loaded here: {url}"
)

# What the bot leaves to people ---------------------------------------------------------------------------

MORE_ON_THE_PHONE = Text(
    ru="Клиент написал больше, чем здесь есть: остальное в WhatsApp на телефоне.",
    en="The customer wrote more than there is here: the rest is in WhatsApp on the phone.",
)
BOT_FAILED = Text(
    ru="⚠️ Бот трижды не справился с сообщениями клиента. Здесь могут быть не все: откройте WhatsApp на телефоне.",
    en="⚠️ The bot failed three times on the customer's messages. Some may not be here: open WhatsApp on the phone.",
)
REPLIES_USED_UP = Text(
    ru="🤖 Бот ответил {count} раз за час и молчит до {time}: похоже, ему пишет другой автомат.",
    en="🤖 The bot has replied {count} times within an hour and is silent until {time}: "
    "whoever writes may be a machine, too.",
)

# Messages to customers that were lost --------------------------------------------------------------------

MAYBE_DELIVERED = Text(
    ru="⚠️ Неизвестно, дошло ли последнее сообщение до клиента. Проверьте в WhatsApp.",
    en="⚠️ It is unknown whether the last message reached the customer. Check in WhatsApp.",
)
NOT_DELIVERED = Text(
    ru="⚠️ Сообщение не дошло до клиента: {reason}", en="⚠️ The message did not reach the customer: {reason}"
)
# Why, and what to do, by the class of the error; whatever is not here is REFUSED.
NOT_DELIVERED_REASONS: Mapping[str, Text] = {
    "window_closed": Text(
        ru="он не писал больше 24 часов, и WhatsApp ничего не пропускает. Дождитесь его сообщения или позвоните ему.",
        en="they have not written for more than 24 hours, and WhatsApp lets nothing through. "
        "Wait until they write, or call them.",
    ),
    "undeliverable": Text(
        ru="WhatsApp не смог его доставить. Если клиент вам пишет, отправьте ещё раз; если молчит, позвоните ему.",
        en="WhatsApp could not deliver it. If they keep writing to you, send it again; if they are silent, call them.",
    ),
    "no_whatsapp": Text(
        ru="на его номере нет WhatsApp. Проверьте номер или позвоните ему.",
        en="their number has no WhatsApp. Check the number, or call them.",
    ),
    "not_allowed": Text(
        ru="тестовому номеру WhatsApp разрешены только номера из списка. Скажите администратору: нужен рабочий номер.",
        en="a test number of WhatsApp writes only to those on its list. Tell the administrator: a real one is needed.",
    ),
    "account_refused": Text(
        ru="WhatsApp закрыл отправку для вашего номера: он не оплачен или ограничен. Скажите администратору.",
        en="WhatsApp has stopped your number from sending: it is not paid for, or restricted. Tell the administrator.",
    ),
    "rate_limited": Text(
        ru="WhatsApp счёл, что сообщений слишком много. Подождите несколько минут и отправьте ещё раз.",
        en="WhatsApp found that there were too many messages. Wait some minutes and send it again.",
    ),
    "server_error": Text(ru="у WhatsApp была ошибка. Отправьте ещё раз.", en="WhatsApp had an error. Send it again."),
    "exhausted": Text(
        ru="WhatsApp не отвечал несколько часов. Отправьте ещё раз, если это ещё нужно.",
        en="WhatsApp did not answer for hours. Send it again if it still matters.",
    ),
    "expired": Text(
        ru="за сутки его не удалось отправить. Отправьте ещё раз, если это ещё нужно.",
        en="it could not be sent for a day. Send it again if it still matters.",
    ),
    "not_supported": Text(
        ru="такое WhatsApp не принимает. Отправьте текстом или обычным файлом.",
        en="WhatsApp does not accept this kind of message. Send it as a text or as an ordinary file.",
    ),
    "file_not_loaded": Text(
        ru="WhatsApp не смог загрузить файл. Отправьте его ещё раз или в другом формате.",
        en="WhatsApp could not load the file. Send it again, or in another format.",
    ),
    "too_long": Text(ru="оно слишком длинное. Отправьте его частями.", en="it is too long. Send it in several parts."),
    "": Text(
        ru="отправку отменил администратор. Отправьте ещё раз, если это ещё нужно.",
        en="the administrator cancelled it. Send it again if it still matters.",
    ),
}
REFUSED = Text(
    ru="WhatsApp его не принял. Отправьте другими словами или другим файлом. Не выходит — скажите администратору.",
    en="WhatsApp did not take it. Send it in other words, or as another file. If that fails, tell the administrator.",
)
