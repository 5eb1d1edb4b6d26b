"""What managers and clients read."""

NOBODY_AVAILABLE = (
    "Извините, менеджеры сейчас заняты и не смогли ответить. "
    "Я снова на связи: напишите, если вопрос ещё актуален, и я передам его ещё раз."
)


def first(number: int, minutes: int) -> str:
    """The first reminder."""
    return f"⏰ Заявка № {number} ждёт {minutes} мин. Возьмите: нажмите «Беру» на карточке или ответьте здесь."


def second(number: int, minutes: int, owner: str | None) -> str:
    """The second reminder; it tags the owner, whose name settings have with an @ or without."""
    end = f"@{owner.removeprefix('@')}, клиент без ответа." if owner else "Клиент без ответа."
    return f"🔥 Заявка № {number} ждёт уже {minutes} мин. {end}"
