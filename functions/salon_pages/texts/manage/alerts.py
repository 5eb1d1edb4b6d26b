"""The page of alerts."""

from collections.abc import Mapping

from shared.i18n.texts import Text

TITLE = Text(ru="Тревоги", en="Alerts")
NONE_OPEN = Text(ru="Открытых тревог нет.", en="No alert is open.")
HISTORY = Text(ru="История", en="History")
NONE_OVER = Text(ru="Тревог ещё не было.", en="There has been no alert yet.")
RAISED = Text(ru="Началась", en="Raised")
KIND = Text(ru="Тревога", en="Alert")
SEVERITY = Text(ru="Важность", en="Severity")
WHAT = Text(ru="Что случилось", en="What happened")
OVER_AT = Text(ru="Закончилась", en="Over")
ACCEPTED_AT = Text(ru="Принята", en="Accepted")
ACCEPTED_BY = Text(ru="Кто принял", en="Accepted by")
ACCEPT = Text(ru="Принято", en="Accept")
ACCEPT_FOR = Text(ru="Принято: {kind}", en="Accept: {kind}")
NOTE = Text(
    ru="«Принято» здесь и в Telegram одно и то же: новых напоминаний об этой тревоге не будет.",
    en="Accepting here and in Telegram is the same: you are not reminded of this alert again.",
)
SEVERITIES: Mapping[str, Text] = {
    "info": Text(ru="к сведению", en="for information"),
    "warning": Text(ru="важно", en="warning"),
    "critical": Text(ru="срочно", en="critical"),
}
