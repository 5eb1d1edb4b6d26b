"""The waiting list."""

from shared.i18n.texts import Text

TITLE = Text(ru="Лист ожидания", en="Waiting list")
WAIT = Text(ru="Ждут", en="They wait")
SINCE = Text(ru="Ждёт с", en="Waits since")
CLIENT = Text(ru="Клиент", en="Client")
PHONE = Text(ru="Телефон", en="Phone")
ITEM = Text(ru="Чего ждёт", en="Waits for")
STAFF = Text(ru="Мастер", en="Specialist")
PREFERRED = Text(ru="Когда удобно", en="When it suits")
COMMENT = Text(ru="Комментарий", en="Comment")
DONE = Text(ru="Готово", en="Done")
DONE_FOR = Text(ru="Готово: {client}", en="Done: {client}")
UNDO = Text(ru="Вернуть", en="Put back")
UNDO_FOR = Text(ru="Вернуть: {client}", en="Put back: {client}")
NOBODY = Text(ru="Никто не ждёт.", en="Nobody waits.")
NOTE = Text(
    ru="«Готово» отмечает здесь, что вопрос решён; лист бота не меняется, клиенту ничего не отправляется.",
    en="“Done” notes here that it is settled; the bot's list stays as it is, and the client is sent nothing.",
)
SETTLED = Text(ru="Отмечено как сделанное", en="Marked as done")
WHEN = Text(ru="Когда", en="When")
BY = Text(ru="Кто", en="Who")
MORE = Text(ru="Показаны {shown}, всего ждут {found}.", en="{shown} are shown, {found} wait in all.")
