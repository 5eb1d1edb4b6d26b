"""Updates of a support desk's bot: presses of cards, messages in topics, commands."""

from functions.telegram_webhook.reaction import NO_REACTION, React, Reaction
from functions.telegram_webhook.support import topic_message
from functions.telegram_webhook.support.press import press
from functions.telegram_webhook.support.stats import stats
from functions.telegram_webhook.updates.events import Edited, Event, Handover, Press, Stats, TopicMessage
from shared.config import Settings
from shared.database.pool import Connection


def create(settings: Settings) -> React:
    """The desk's handler; `settings` say where files are given out."""

    async def react(connection: Connection, bot_id: int, event: Event) -> Reaction:
        match event:
            case Press():
                return await press(connection, bot_id, event)
            case TopicMessage():
                return await topic_message.forward(connection, bot_id, event, settings)
            case Edited():
                return await topic_message.edited(connection, bot_id, event)
            case Handover():
                return await topic_message.handover(connection, bot_id, event)
            case Stats():
                return await stats(connection, bot_id, event)
        return NO_REACTION

    return react
