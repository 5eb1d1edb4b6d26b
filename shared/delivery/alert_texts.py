"""What those who look after a bot read of messages that went wrong. HTML as Telegram understands it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape

from shared.i18n.texts import Language, Text

ALERT = Text(ru="⚠️ Бот «{bot}»: {problem}", en="⚠️ Bot “{bot}”: {problem}")
GROUP_ALERT = Text(ru="⚠️ Бот «{bot}», группа «{group}»: {problem}", en="⚠️ Bot “{bot}”, group “{group}”: {problem}")
ACCOUNT_REFUSED = Text(
    ru="⚠️ WhatsApp не принимает ключ «{bot}»: ответы клиентам не уходят, сообщения ждут.\n"
    "Что сделать: передайте тому, кто настраивает бота: <code>carillon bots check {bot}</code>",
    en="⚠️ WhatsApp refuses the key of “{bot}”: nothing reaches customers, messages are waiting.\n"
    "What to do: tell whoever set the bot up: <code>carillon bots check {bot}</code>",
)
NOT_CALLED = Text(
    ru="⚠️ Планировщик уже {minutes} мин. не вызывает <code>{function}</code>.\n"
    "Что сделать: проверьте планировщик и логи функции. Подробности: <code>carillon doctor</code>",
    en="⚠️ The scheduler has not called <code>{function}</code> for {minutes} min.\n"
    "What to do: look at the scheduler and at the function's log. To look: <code>carillon doctor</code>",
)
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
    "recipient_is_bot": Text(
        ru="получатель сам бот, ботам писать нельзя.\nЧто сделать: укажите id человека или группы",
        en="the recipient is a bot, and bots cannot be written to.\n"
        "What to do: give the id of a person or a group instead",
    ),
    "topics_off": Text(
        ru="в группе выключены темы, сообщения ждут.\n"
        "Что сделать: включите «Темы» в настройках группы; всё, что ждёт, уйдёт само и по порядку",
        en="topics are switched off in the group, messages are waiting.\n"
        "What to do: switch on “Topics” in the group's settings; what waits goes out by itself, in order",
    ),
    "no_right_to_topics": Text(
        ru="у бота нет права создавать темы, сообщения ждут.\n"
        "Что сделать: в настройках группы дайте боту-администратору право «Управление темами»",
        en="the bot may not create topics, messages are waiting.\n"
        "What to do: give the bot, as an administrator of the group, the right “Manage topics”",
    ),
    "no_right_to_write": Text(
        ru="боту запрещено писать в группу, сообщения ждут.\n"
        "Что сделать: сделайте бота администратором группы или разрешите участникам писать",
        en="the bot may not write to the group, messages are waiting.\n"
        "What to do: make the bot an administrator of the group, or let its members write",
    ),
    "no_right_to_files": Text(
        ru="боту запрещено отправлять в группу файлы, они ждут.\n"
        "Что сделать: сделайте бота администратором группы или разрешите участникам отправлять медиа",
        en="the bot may not send files to the group, they are waiting.\n"
        "What to do: make the bot an administrator of the group, or let its members send media",
    ),
    "not_administrator": Text(
        ru="бот не администратор группы, сообщения ждут.\n"
        "Что сделать: сделайте бота администратором с правом «Управление темами»",
        en="the bot is no administrator of the group, messages are waiting.\n"
        "What to do: make it an administrator with the right “Manage topics”",
    ),
    "closed_topic": Text(
        ru="тема закрыта, и бот не может её открыть; её сообщения ждут.\n"
        "Что сделать: откройте тему или дайте боту право «Управление темами»",
        en="a topic is closed, and the bot cannot open it; its messages are waiting.\n"
        "What to do: open the topic, or give the bot the right “Manage topics”",
    ),
    "removed_from_group": Text(
        ru="бота нет в группе, сообщения ждут.\nЧто сделать: добавьте бота в группу и сделайте администратором",
        en="the bot is not in the group, messages are waiting.\n"
        "What to do: add the bot to the group and make it an administrator",
    ),
    "group_not_found": Text(
        ru="группа не найдена, сообщения ждут.\nЧто сделать: проверьте id группы и добавлен ли в неё бот",
        en="the group was not found, messages are waiting.\n"
        "What to do: check the group's id, and that the bot is in it",
    ),
    "group_deleted": Text(
        ru="группа удалена, сообщения ждут.\nЧто сделать: создайте другую группу и укажите её в настройках",
        en="the group was deleted, messages are waiting.\nWhat to do: make another group and put it into the settings",
    ),
    "chat_paused": Text(
        ru="слишком много сообщений в один чат, он закрыт для бота до {until}; сообщения ждут.\n"
        "Что сделать: ничего, потом всё уйдёт само и по порядку. Подробности: <code>carillon doctor</code>",
        en="too many messages to one chat, it is closed to the bot until {until}; messages are waiting.\n"
        "What to do: nothing, then all goes out by itself, in order. To look: <code>carillon doctor</code>",
    ),
    "bot_paused": Text(
        ru="слишком много сообщений, бот должен молчать до {until}; сообщения ждут.\n"
        "Что сделать: ничего, потом всё уйдёт само и по порядку. Подробности: <code>carillon doctor</code>",
        en="too many messages, the bot has to be silent until {until}; messages are waiting.\n"
        "What to do: nothing, then all goes out by itself, in order. To look: <code>carillon doctor</code>",
    ),
    "file_not_fetched": Text(
        ru="Telegram не смог скачать файл, он не доставлен.\n"
        "Что сделать: проверьте, что ссылка открывается, затем "
        "<code>carillon outbox redrive --class file_not_fetched</code>",
        en="Telegram could not fetch a file, it was not delivered.\n"
        "What to do: see that its address can be opened, then "
        "<code>carillon outbox redrive --class file_not_fetched</code>",
    ),
    "file_too_big": Text(
        ru="файл слишком большой для Telegram, он не доставлен.\nЧто сделать: отправьте его ссылкой или частями",
        en="a file is too big for Telegram, it was not delivered.\nWhat to do: send it as a link, or in parts",
    ),
    "file_refused": Text(
        ru="Telegram не принял файл: он повреждён или не того вида.\nЧто сделать: отправьте его документом",
        en="Telegram did not take a file: it is damaged or of another kind.\nWhat to do: send it as a document",
    ),
    "file_unknown": Text(
        ru="Telegram больше не знает этот файл, он не доставлен.\nЧто сделать: отправьте файл заново",
        en="Telegram does not know a file any more, it was not delivered.\nWhat to do: send the file anew",
    ),
    "account_refused": Text(
        ru="WhatsApp не доставляет его сообщения: аккаунт не оплачен или ограничен.\n"
        "Что сделать: исправьте это в WhatsApp Manager, "
        "потом <code>carillon outbox redrive --class account_refused</code>",
        en="WhatsApp does not deliver its messages: the account is not paid for, or restricted.\n"
        "What to do: mend that in WhatsApp Manager, "
        "then <code>carillon outbox redrive --class account_refused</code>",
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
    ru="сообщение не доставлено ({error_class}).{words}\nЧто сделать: <code>carillon outbox list --state dead</code>",
    en="a message was not delivered ({error_class}).{words}\n"
    "What to do: <code>carillon outbox list --state dead</code>",
)
WORDS = Text(ru="\nОтвет: «{words}»", en="\nThe answer: “{words}”")


UNREACHED = Text(
    ru="\nКому: {people}. Кто ещё не нажимал «Старт»: <code>carillon people list --without-start</code>",
    en="\nWho: {people}. Who else never pressed “Start”: <code>carillon people list --without-start</code>",
)


def alert(  # noqa: PLR0913 - each may stand in the text
    bot: str,
    error_class: str,
    language: Language,
    *,
    group: str | None = None,
    words: str | None = None,
    people: Sequence[str] = (),
    until: datetime | None = None,
) -> str:
    """What happened to messages of the bot called `bot`, and the next step; of a group's state with its name.

    What has no text of its own is told by the `words` of whoever refused it. `people` were not reached; a pause ends at
    `until`.
    """
    quoted = WORDS.in_(language).format(words=escape(words, quote=False)) if words else ""
    known = PROBLEMS.get(error_class, NOT_DELIVERED).in_(language)
    problem = known.format(bot=bot, error_class=error_class, words=quoted, until=_utc(until))
    if people:
        problem += UNREACHED.in_(language).format(people=escape(", ".join(people), quote=False))
    head = GROUP_ALERT if group else ALERT
    return head.in_(language).format(bot=bot, group=escape(group or "", quote=False), problem=problem)


def _utc(moment: datetime | None) -> str:
    """Those who look after bots live in many zones."""
    return f"{moment.astimezone(UTC):%H:%M} UTC" if moment else "…"
