"""What people read who press Start: what comes here, or what to do so that something does."""

from collections.abc import Mapping
from typing import Literal

from shared.i18n.texts import Text

Role = Literal["mentor", "school", "alerts", "owner", "manager", "salon", "salon_staff"]

ROLES: Mapping[Role, Text] = {
    "mentor": Text(ru="Готово, сюда придут ответы учеников.", en="Done: your students' answers will come here."),
    "school": Text(
        ru="Готово, сюда придут предупреждения школы: например, что у ученика нет наставника.",
        en="Done: the school's warnings will come here, for example that a student has no mentor.",
    ),
    "alerts": Text(
        ru="Готово, сюда придут предупреждения о сообщениях, которые не дошли.",
        en="Done: warnings about messages that were not delivered will come here.",
    ),
    "owner": Text(
        ru="Это бот поддержки «{name}». Заявки и напоминания приходят в группу менеджеров, срочные называют вас"
        " по имени. Сюда бот их не присылает.",
        en="This is the support bot of “{name}”. Requests and reminders come to the managers' group; urgent ones name"
        " you. The bot does not send them here.",
    ),
    "manager": Text(
        ru="Это бот поддержки. Заявки приходят в группу, отвечать клиентам нужно там, в их темах. Написанное здесь"
        " клиентам не уходит.",
        en="This is the support bot. Requests come to the group, and customers are answered there, in their topics."
        " What is written here does not go to customers.",
    ),
    "salon": Text(
        ru="Готово, сюда придут сводки и предупреждения салона.",
        en="Done: the salon's digests and alerts will come here.",
    ),
    "salon_staff": Text(
        ru="Сводки и предупреждения приходят в общий чат салона, сюда бот их не присылает.",
        en="Digests and alerts come to the salon's own chat; the bot does not send them here.",
    ),
}
STRANGER = Text(
    ru="Здравствуйте! Ваш id: {id}. Передайте его администратору: без этого бот ничего вам не пришлёт.",
    en="Hello! Your id: {id}. Give it to the administrator: until then the bot sends you nothing.",
)
WAITING = Text(
    ru="Сообщений, которые вас ждали: {count}. Сейчас придут.",
    en="Messages that waited for you: {count}. They are coming now.",
)
TOO_OLD = Text(
    ru="ℹ️ {name} нажимает «Старт» в боте «{bot}». Раньше не дошло и уже устарело сообщений: {count}.\n"
    "Если нужны: <code>carillon outbox redrive {ids}</code>",
    en="ℹ️ {name} has pressed “Start” in the bot “{bot}”. Messages that did not arrive and are out of date: {count}.\n"
    "If they are needed: <code>carillon outbox redrive {ids}</code>",
)
