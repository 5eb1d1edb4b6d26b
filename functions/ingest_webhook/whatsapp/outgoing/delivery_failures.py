"""News that messages of ours did not arrive: they are dead from now on, and the dispatcher tells the rest."""

from collections.abc import Sequence

from functions.ingest_webhook.whatsapp.events import DeliveryFailure
from functions.ingest_webhook.whatsapp.routing.accounts import RoutedRecord
from shared.database import sql
from shared.database.pool import Connection
from shared.delivery import failures
from shared.delivery.failures import Failure

_SQL = sql.load(__file__)


async def store(
    connection: Connection, news: Sequence[RoutedRecord[DeliveryFailure]]
) -> list[RoutedRecord[DeliveryFailure]]:
    """End the messages that `news` is about; the part of it that is new.

    What is about no message (yet) is kept for the dispatcher, too: it may be writing down the message's id just now.
    """
    by_id = {
        (bot_id, routed.record.external_id): routed
        for routed in news
        if (bot_id := routed.desk.media_bot_id) is not None
    }
    found = [Failure(*key, routed.record.error_class) for key, routed in by_id.items()]
    if not found:
        return []
    rows = await sql.fetch_all(connection, _SQL["keep"], {"failures": failures.to_json(found)})
    await failures.apply(connection, found)
    return [by_id[row["bot_id"], row["external_id"]] for row in rows]
