"""Messages to others: what somebody has decided about them."""

from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.dialog.buttons import Button
from functions.telegram_webhook.courses.dialog.screen import View
from functions.telegram_webhook.courses.dialog.show import payload
from shared import logs
from shared.delivery.enqueue import Message
from shared.delivery.kinds import COURSES_NOTICE
from shared.i18n.texts import Text


def notice(by: Person, to: int | None, key: str, text: Text, label: Text, screen: str) -> list[Message]:
    """A text with a button that opens a screen, for the account `to`; None: nobody."""
    button = Button(label.in_(by.language), buttons.data(screen))
    return [shown_to(by, to, key, View(text.in_(by.language), ((button,),)))] if to else []


def shown_to(by: Person, to: int, key: str, view: View) -> Message:
    """A screen as a message for somebody else; `key` names it among all notices."""
    return Message(
        bot_id=by.bot_id,
        chat_id=to,
        kind=COURSES_NOTICE,
        dedup_key=f"courses/notice/{key}/{to}",
        payload=payload(view),
        correlation_id=logs.correlation_id.get(),
    )
