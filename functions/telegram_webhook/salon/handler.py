"""Updates of a salon's bot: presses under its alerts."""

from functions.telegram_webhook.reaction import NO_REACTION, UNKNOWN_BUTTON, Reaction
from functions.telegram_webhook.salon.acknowledge import acknowledge, read_press
from functions.telegram_webhook.updates.events import Event, Press
from shared.database.pool import Connection


async def react(connection: Connection, bot_id: int, event: Event) -> Reaction:
    """Acknowledge the alert whose button was pressed; nothing else is meant for a salon's bot."""
    if not isinstance(event, Press):
        return NO_REACTION
    alert_id = read_press(event.data)
    return UNKNOWN_BUTTON if alert_id is None else await acknowledge(connection, bot_id, event, alert_id)
