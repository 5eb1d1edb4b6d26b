"""What people read of any bot, and what those are called who have no name."""

from shared.i18n.texts import Text

CHAT_REOPENED = Text(
    ru="Снова на связи: сообщения опять приходят сюда.", en="Back again: messages are coming here once more."
)
UNKNOWN_BUTTON = Text(ru="Эта кнопка больше не действует", en="This button does not work any more")
ADMINISTRATOR = Text(ru="Администратор", en="Administrator")  # who writes in the group's own name
NAMELESS = Text(ru="Без имени", en="Nameless")
