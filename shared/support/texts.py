"""What a desk's managers read in their group: cards, and notes in a customer's topic."""

from collections.abc import Mapping

from shared.i18n.texts import Text
from shared.support.escalation import TriggerType
from shared.support.state_machine import Transition

CUSTOMER = Text(ru="Клиент", en="Customer")  # whose name and number are not known
SOMEBODY = Text(ru="кто-то", en="somebody")

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
ACTIVE = Text(
    ru="{taken}: в работе. Закончите — нажмите «Решено».",
    en="{taken}: in progress. When you are done, press “Resolved”.",
)
RESOLVED = Text(ru="✅ Решено: {name}, {time}", en="✅ Resolved: {name}, {time}")
TIMED_OUT = Text(
    ru="⌛ Закрыта {time}: никто не взял за {minutes} мин. Клиенту написали.",
    en="⌛ Closed {time}: nobody took it within {minutes} min. The customer was told.",
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

# Messages to customers that were lost --------------------------------------------------------------------

MAYBE_DELIVERED = Text(
    ru="⚠️ Неизвестно, дошло ли последнее сообщение до клиента. Проверьте в WhatsApp.",
    en="⚠️ It is unknown whether the last message reached the customer. Check in WhatsApp.",
)
NOT_DELIVERED = Text(
    ru="⚠️ Сообщение не дошло до клиента: {reason}. Напишите ему другим способом.",
    en="⚠️ The message did not reach the customer: {reason}. Write to them another way.",
)
NOT_DELIVERED_REASONS: Mapping[str, Text] = {
    "blocked": Text(ru="клиент не принимает сообщения", en="the customer does not accept messages"),
    "window_closed": Text(
        ru="прошло больше 24 часов с его последнего сообщения, WhatsApp не пропускает",
        en="their last message is more than 24 hours old, and WhatsApp lets nothing through",
    ),
    "not_supported": Text(ru="такое WhatsApp не принимает", en="WhatsApp does not accept this kind of message"),
    "expired": Text(ru="слишком долго не получалось", en="it failed for too long"),
    "": Text(ru="отправку отменили", en="sending was cancelled"),
}
