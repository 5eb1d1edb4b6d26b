"""The page of people."""

from collections.abc import Mapping

from shared.i18n.texts import Text

TITLE = Text(ru="Люди", en="People")
WHO = Text(ru="Кто может войти", en="Who may sign in")
INVITE = Text(ru="Пригласить", en="Invite")
INVITE_TEXT = Text(
    ru="Появится ссылка для входа: перешлите её этому человеку.",
    en="A link to sign in appears: pass it on to this person.",
)
NAME = Text(ru="Имя", en="Name")
EMAIL = Text(ru="Почта", en="E-mail")
EMAIL_HINT = Text(ru="Не обязательно: чтобы входить и с паролем.", en="Optional: to sign in by a password, too.")
ROLE = Text(ru="Роль", en="Role")
ROLES: Mapping[str, Text] = {
    "admin": Text(ru="владелец", en="owner"),
    "staff": Text(ru="сотрудник", en="staff"),
}
ROLE_HINT = Text(
    ru="Сотрудник не видит деньги, настройки, людей и журнал.", en="Staff see no money, settings, people or audit."
)
TELEGRAM = Text(ru="В Telegram", en="In Telegram")
ACCESS = Text(ru="Доступ", en="Access")
SINCE = Text(ru="С нами с", en="With us since")
YES, NO = Text(ru="да", en="yes"), Text(ru="нет", en="no")
ON, OFF = Text(ru="есть", en="on"), Text(ru="закрыт", en="off")
MAKE_STAFF = Text(ru="Сделать сотрудником", en="Make staff")
MAKE_STAFF_FOR = Text(ru="Сделать сотрудником: {name}", en="Make staff: {name}")
MAKE_OWNER = Text(ru="Сделать владельцем", en="Make owner")
MAKE_OWNER_FOR = Text(ru="Сделать владельцем: {name}", en="Make owner: {name}")
NEW_LINK = Text(ru="Новая ссылка", en="New link")
NEW_LINK_FOR = Text(ru="Новая ссылка для входа: {name}", en="A new link to sign in for {name}")
SWITCH_OFF = Text(ru="Закрыть доступ", en="Switch off")
SWITCH_OFF_FOR = Text(ru="Закрыть доступ: {name}", en="Switch off {name}")
SWITCH_ON = Text(ru="Вернуть доступ", en="Switch on")
SWITCH_ON_FOR = Text(ru="Вернуть доступ: {name}", en="Switch on {name}")
LINK_TITLE = Text(ru="Ссылка для входа: {name}", en="A link to sign in for {name}")
LINK_TEXT = Text(
    ru="Сработает один раз, в течение {minutes} минут. Здесь она видна только сейчас.",
    en="It works once, within {minutes} minutes. It is shown here only now.",
)
BY_BROWSER = Text(ru="Для браузера", en="For a browser")
BY_TELEGRAM = Text(
    ru="Для Telegram: бот запомнит человека и дальше пришлёт ссылку по команде /dashboard",
    en="For Telegram: the bot knows the person from then on, and sends a link upon /dashboard",
)
NAME_WANTED = Text(ru="Напишите имя, не длиннее 80 знаков.", en="Write a name of at most 80 characters.")
EMAIL_WRONG = Text(ru="Это не адрес почты.", en="That is no e-mail address.")
EMAIL_TAKEN = Text(ru="Эта почта уже занята.", en="This e-mail is taken.")
ROLE_WANTED = Text(ru="Выберите роль.", en="Choose a role.")
