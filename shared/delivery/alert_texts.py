"""What those who look after a bot read of messages that went wrong. HTML as Telegram understands it."""

from collections.abc import Mapping

from shared.i18n.texts import Language, Text

ALERT = Text(ru="⚠️ Бот «{bot}»: {problem}", en="⚠️ Bot “{bot}”: {problem}")
PROBLEMS: Mapping[str, Text] = {
    "bot_refused": Text(
        ru="его токен отклонён, сообщения ждут.\nЧто сделать: <code>carillon bots check {bot}</code>",
        en="its token is refused, messages are waiting.\nWhat to do: <code>carillon bots check {bot}</code>",
    ),
    "blocked": Text(
        ru="получатель закрыл чат с ботом, сообщение не доставлено.\n"
        "Что сделать: попросите его снова открыть бота и нажать «Старт»",
        en="the recipient has blocked the bot, the message was not delivered.\n"
        "What to do: ask them to open the bot again and press “Start”",
    ),
    "chat_not_found": Text(
        ru="чат не найден, сообщение не доставлено.\nЧто сделать: проверьте id чата и начат ли диалог с ботом",
        en="the chat was not found, the message was not delivered.\n"
        "What to do: check the chat's id, and that its people have started the bot",
    ),
    "crashed": Text(
        ru="неизвестно, дошло ли сообщение: отправка оборвалась.\n"
        "Что сделать: <code>carillon outbox list --state unknown</code>",
        en="it is unknown whether a message arrived: sending it was cut off.\n"
        "What to do: <code>carillon outbox list --state unknown</code>",
    ),
    "no_answer": Text(
        ru="неизвестно, дошло ли сообщение: ответа не было.\n"
        "Что сделать: <code>carillon outbox list --state unknown</code>",
        en="it is unknown whether a message arrived: there was no answer.\n"
        "What to do: <code>carillon outbox list --state unknown</code>",
    ),
}
NOT_DELIVERED = Text(
    ru="сообщение не доставлено ({error_class}).\nЧто сделать: <code>carillon outbox list --state dead</code>",
    en="a message was not delivered ({error_class}).\nWhat to do: <code>carillon outbox list --state dead</code>",
)


def alert(bot: str, error_class: str, language: Language) -> str:
    """What happened to messages of the bot called `bot`, and the next step."""
    problem = PROBLEMS.get(error_class, NOT_DELIVERED).in_(language).format(bot=bot, error_class=error_class)
    return ALERT.in_(language).format(bot=bot, problem=problem)
