"""The page of the audit."""

from collections.abc import Mapping

from shared.i18n.texts import Text

TITLE = Text(ru="Журнал", en="Audit")
ACTS = Text(ru="Кто что сделал", en="Who did what")
NOTHING = Text(ru="В журнале пока пусто.", en="Nothing is recorded yet.")
WHEN = Text(ru="Когда", en="When")
WHO = Text(ru="Кто", en="Who")
WHAT = Text(ru="Что", en="What")
DETAILS = Text(ru="Подробности", en="Details")
FROM = Text(ru="Откуда", en="From where")
OPERATOR = Text(ru="Поддержка", en="Support")
OLDER = Text(ru="Раньше", en="Older")
NEWEST = Text(ru="К последним", en="To the latest")
ACTIONS: Mapping[str, Text] = {
    "login": Text(ru="вход", en="signed in"),
    "login_failed": Text(ru="неверный пароль", en="wrong password"),
    "logout": Text(ru="выход", en="signed out"),
    "end_sessions": Text(ru="сессии закрыты", en="sessions ended"),
    "reset_password": Text(ru="новый пароль", en="new password"),
    "set_password": Text(ru="новый пароль", en="new password"),
    "update_settings": Text(ru="настройки изменены", en="settings changed"),
    "connect_tenant": Text(ru="салон подключён", en="salon connected"),
    "acknowledge_alert": Text(ru="тревога принята", en="alert accepted"),
    "convert_wishlist": Text(ru="лист ожидания", en="waiting list"),
    "add_user": Text(ru="человек добавлен", en="person added"),
    "invite_user": Text(ru="приглашение", en="invitation"),
    "change_role": Text(ru="роль изменена", en="role changed"),
    "switch_user": Text(ru="доступ изменён", en="access changed"),
    "seal_token": Text(ru="доступ к YClients", en="access to YClients"),
    "export": Text(ru="файл скачан", en="file downloaded"),
    "view_session": Text(ru="переписка открыта", en="conversation opened"),
}
FACTS: Mapping[str, Text] = {
    "session": Text(ru="диалог {value}", en="dialog {value}"),
    "file": Text(ru="{value}", en="{value}"),
    "user": Text(ru="человек № {value}", en="person no. {value}"),
    "wish": Text(ru="№ {value}", en="no. {value}"),
    "alert_id": Text(ru="№ {value}", en="no. {value}"),
    "rows": Text(ru="строк: {value}", en="rows: {value}"),
}
