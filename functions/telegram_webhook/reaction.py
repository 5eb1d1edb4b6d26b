"""What follows from an update in a bot's system."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from functions.telegram_webhook import texts
from functions.telegram_webhook.updates.events import Event
from shared.database.pool import Connection
from shared.i18n.texts import Text
from shared.support.outgoing import LinkedMessage


@dataclass(frozen=True)
class Reaction:
    """Messages to enqueue as the transaction's last step, and the toast for whoever pressed a button.

    A toast in both languages belongs to no conversation or alert: it is shown in the bot's language.
    """

    linked_messages: Sequence[LinkedMessage] = ()
    toast: str | Text = ""


# A system's handler: with a connection inside a transaction, the bot's id and what happened.
React = Callable[[Connection, int, Event], Awaitable[Reaction]]

NO_REACTION = Reaction()
UNKNOWN_BUTTON = Reaction(toast=texts.UNKNOWN_BUTTON)
