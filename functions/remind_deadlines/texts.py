"""What mentors read of a deadline that comes near. HTML as Telegram understands it."""

from shared.i18n.texts import Text

HEAD = Text(ru="⏰ <b>Скоро дедлайн: {moment}</b>", en="⏰ <b>Deadline soon: {moment}</b>")
NOT_ANSWERED = Text(
    ru="Не сдали ({count}). Напомните им:", en="Have not handed in their work ({count}). Please remind them:"
)
MORE = Text(ru="… и ещё {count}", en="… and {count} more")
