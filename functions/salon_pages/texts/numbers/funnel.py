"""Where dialogs are lost."""

from collections.abc import Mapping

from shared.i18n.texts import Text
from shared.salon.texts import STAGES

TITLE = Text(ru="Где теряем", en="Where dialogs are lost")
DIALOGS = Text(ru="Диалоги", en="Dialogs")
SHARE = Text(ru="Доля", en="Share")

ENDED = Text(ru="Чем закончились диалоги", en="How the dialogs ended")
ENDING = Text(ru="Итог", en="Ending")
ENDINGS: Mapping[str, Text] = {
    "done": Text(ru="дошли до конца", en="went to the end"),
    "escalated": Text(ru="переданы человеку", en="handed to a person"),
    "lost": Text(ru="брошены", en="broken off"),
    "other": Text(ru="другое", en="other"),
}
LOST = Text(ru="На каком шаге теряли", en="At which step they were lost")
LOST_NOTE = Text(ru="Здесь диалоги, которые не дошли до конца.", en="These are the dialogs that did not go to the end.")
STEP = Text(ru="Шаг", en="Step")
STEPS: Mapping[str, Text] = {**STAGES, "unknown": Text(ru="шаг неизвестен", en="step unknown")}

KEPT = Text(ru="Что стало с записями", en="What became of the bookings")
KEPT_NOTE = Text(
    ru="Записи из этих диалогов, как их знает YClients.", en="The bookings of these dialogs, as YClients knows them."
)
BOOKINGS = Text(ru="Записи", en="Bookings")
VERDICT = Text(ru="YClients", en="In YClients")
VERDICTS: Mapping[str, Text] = {
    "completed": Text(ru="клиент пришёл", en="the client came"),
    "confirmed": Text(ru="клиент подтвердил", en="confirmed by the client"),
    "created": Text(ru="ждёт визита", en="waits for the visit"),
    "cancelled": Text(ru="отменена", en="cancelled"),
    "no_show": Text(ru="клиент не пришёл", en="the client did not come"),
    "unconfirmed": Text(ru="не найдена", en="not found"),
    "unchecked": Text(ru="ещё не проверена", en="not checked yet"),
}
