"""What managers and customers read."""

from shared.i18n.texts import Language, Text

NOBODY_AVAILABLE = Text(
    ru="Извините, менеджеры сейчас заняты и не смогли ответить. "
    "Если вопрос ещё актуален, напишите: «{words}», и я передам его ещё раз.",
    en="Sorry, our managers are busy right now and could not reply. "
    "If your question still matters, write “{words}”, and I will pass it on again.",
)
NOBODY_AVAILABLE_ONLY = Text(
    ru="Извините, менеджеры сейчас заняты и не смогли ответить.",
    en="Sorry, our managers are busy right now and could not reply.",
)
FIRST_REMINDER = Text(
    ru="⏰ Заявка № {number} ждёт {minutes} мин. Возьмите: нажмите «Беру» на карточке или ответьте здесь.",
    en="⏰ Request #{number} has been waiting for {minutes} min. Take it: press “Take” on the card or reply here.",
)
SECOND_REMINDER = Text(
    ru="🔥 Заявка № {number} ждёт уже {minutes} мин. Клиент без ответа.",
    en="🔥 Request #{number} has been waiting for {minutes} min already. The customer has no reply yet.",
)
SECOND_REMINDER_TO_OWNER = Text(
    ru="🔥 Заявка № {number} ждёт уже {minutes} мин. @{owner}, клиент без ответа.",
    en="🔥 Request #{number} has been waiting for {minutes} min already. @{owner}, the customer has no reply yet.",
)
# To those who look after the desk.
UNKNOWN_ZONE = Text(
    ru="⚠️ У этой группы неизвестный часовой пояс «{zone}», рабочие часы считаются по {default}.\n"
    "Что сделать: <code>carillon doctor</code>",
    en="⚠️ This group has an unknown time zone, “{zone}”; working hours are counted by {default}.\n"
    "What to do: <code>carillon doctor</code>",
)


def nobody_available(words: str | None, language: Language) -> str:
    """The apology for a request that nobody took; `words` call a manager again, None: no words do."""
    return NOBODY_AVAILABLE.in_(language).format(words=words) if words else NOBODY_AVAILABLE_ONLY.in_(language)


def first(number: int, minutes: int, language: Language) -> str:
    """The first reminder."""
    return FIRST_REMINDER.in_(language).format(number=number, minutes=minutes)


def second(number: int, minutes: int, owner: str | None, language: Language) -> str:
    """The second reminder; it tags the owner, whose name settings have with an @ or without."""
    text = SECOND_REMINDER_TO_OWNER if owner else SECOND_REMINDER
    return text.in_(language).format(number=number, minutes=minutes, owner=(owner or "").removeprefix("@"))
