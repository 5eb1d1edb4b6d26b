"""The page of one's own sign-in."""

from collections.abc import Mapping

from shared.i18n.texts import Text

TITLE = Text(ru="Мой вход", en="My sign-in")
SAVED = Text(
    ru="Новый пароль сохранён, остальные сессии закрыты.", en="The new password is saved, other sessions ended."
)
LANGUAGE = Text(ru="Язык страниц", en="Language of the pages")
WHERE = Text(ru="Где вы вошли", en="Where you are signed in")
SEEN = Text(ru="Последний раз", en="Last used")
DEVICE = Text(ru="Браузер", en="Browser")
ADDRESS = Text(ru="Адрес", en="Address")
WAY = Text(ru="Как", en="How")
THIS = Text(ru="этот браузер", en="this browser")
END = Text(ru="Закрыть", en="End")
END_FOR = Text(ru="Закрыть сессию: {seen}", en="End the session of {seen}")
END_OTHERS = Text(ru="Закрыть все остальные", en="End all others")
ZONE = Text(ru="Время: {zone}", en="Times: {zone}")
WAYS: Mapping[str, Text] = {
    "link": Text(ru="по ссылке", en="by a link"),
    "password": Text(ru="с паролем", en="by a password"),
    "telegram": Text(ru="через Telegram", en="by Telegram"),
}
PASSWORD_TITLE = Text(ru="Пароль", en="Password")
CURRENT = Text(ru="Нынешний пароль", en="Current password")
PASSWORD = Text(ru="Новый пароль", en="New password")
AGAIN = Text(ru="Новый пароль ещё раз", en="The new password again")
PASSWORD_HINT = Text(
    ru="Не короче 12 знаков. Хорошо подходит фраза.", en="At least 12 characters. A sentence is a good one."
)
WRONG_CURRENT = Text(ru="Нынешний пароль не подходит.", en="The current password is wrong.")
NO_EMAIL = Text(
    ru="Почты у вас нет, поэтому вы входите по ссылкам от бота. Пароль для этого не нужен.",
    en="You have no e-mail here, so you sign in by links of the bot. That needs no password.",
)
