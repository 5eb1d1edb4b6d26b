"""Updates of a salon's bot: presses under its alerts, and people who want to see its pages."""

from functions.telegram_webhook.reaction import NO_REACTION, UNKNOWN_BUTTON, React, Reaction
from functions.telegram_webhook.salon.acknowledge import acknowledge, read_press
from functions.telegram_webhook.salon.dashboard import answer
from functions.telegram_webhook.updates.events import Event, Press, PrivateMessage
from shared.config import Settings
from shared.database.pool import Connection


def create(settings: Settings) -> React:
    """The handler of salons' bots."""

    async def react(connection: Connection, bot_id: int, event: Event) -> Reaction:
        """Acknowledge the alert whose button was pressed, or send a link; nothing else is meant for a salon's bot."""
        if isinstance(event, PrivateMessage):
            return await answer(connection, bot_id, event, settings.salon_pages_url)
        if not isinstance(event, Press):
            return NO_REACTION
        alert_id = read_press(event.data)
        return UNKNOWN_BUTTON if alert_id is None else await acknowledge(connection, bot_id, event, alert_id)

    return react
