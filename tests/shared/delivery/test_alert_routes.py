"""Who hears of a bot's troubles: its own people, its school, those of other bots; managers, too."""

from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

from shared.database.pool import Database
from shared.delivery import alerts
from shared.delivery.alerts import Cause
from tests.helpers import arrange, canaries
from tests.helpers.worlds import support

Plain = psycopg.Connection[DictRow]

OWN, ADMINS, SISTERS, STRANGERS = -1_001_500_000_701, -1_001_500_000_702, -1_001_500_000_703, -1_001_500_000_704


def token(number: int) -> str:
    return canaries.BOT_TOKEN.replace("7000000001", f"700000000{number}")


async def heard(database: Database, bot: int, error_class: str = "exhausted", **cause: Any) -> list[tuple[int, int]]:
    """Which bot writes to which chat."""
    async with database.transaction() as connection:
        messages = await alerts.messages(connection, {Cause(bot, error_class, **cause): "c" * 32})
    return [(message.bot_id, message.chat_id or 0) for message in messages]


async def test_the_nearest_people_hear_of_a_bots_troubles(database: Database, connection: Plain) -> None:
    school = arrange.bot(connection)
    assert await heard(database, school) == []
    salon = arrange.bot(connection, "salon", token(2), system="salon", alert_chat_id=STRANGERS)
    assert await heard(database, school) == [(salon, STRANGERS)]
    sister = arrange.bot(connection, "sister", token(3), alert_chat_id=SISTERS)
    assert await heard(database, school) == [(sister, SISTERS)]
    arrange.source(connection, admin_chat_id=ADMINS)  # of the first bot of the system
    assert await heard(database, school) == [(school, ADMINS)]
    connection.execute("update platform.bots set alert_chat_id = %s where id = %s", (OWN, school))
    assert await heard(database, school) == [(school, OWN)]


async def test_a_refused_bot_is_told_about_by_another(database: Database, connection: Plain) -> None:
    school = arrange.bot(connection, alert_chat_id=OWN)
    arrange.source(connection, admin_chat_id=ADMINS)
    assert await heard(database, school, "bot_refused") == []
    sister = arrange.bot(connection, "sister", token(3), alert_chat_id=SISTERS)
    assert await heard(database, school, "bot_refused") == [(sister, SISTERS)]


@pytest.mark.parametrize("which", ["whatsapp_bot", "telegram_bot"])
async def test_without_an_alert_chat_the_admin_chat_hears_of_accounts_and_other_systems(
    database: Database, connection: Plain, which: str
) -> None:
    school = arrange.bot(connection)
    arrange.source(connection, admin_chat_id=ADMINS, bot_id=school)
    desk = support.desk(connection, token=token(4))

    assert await heard(database, getattr(desk, which)) == [(school, ADMINS)]


async def test_a_school_does_not_read_who_could_not_be_reached_by_anothers_bot(
    database: Database, connection: Plain
) -> None:
    school = arrange.bot(connection)
    arrange.source(connection, admin_chat_id=ADMINS, bot_id=school)
    salon = arrange.bot(connection, "salon", token(2), system="salon")
    for bot, is_named in ((school, True), (salon, False)):
        async with database.transaction() as transaction:
            cause = Cause(bot, "blocked", words="Forbidden", person_id=7_300_000_001)
            [message] = await alerts.messages(transaction, {cause: "c"})

        assert ("7300000001" in message.payload["text"]) == is_named


async def test_an_accounts_own_alert_chat_is_written_to_by_its_desks_bot(database: Database, connection: Plain) -> None:
    desk = support.desk(connection)
    connection.execute("update platform.bots set alert_chat_id = %s where id = %s", (OWN, desk.whatsapp_bot))

    assert await heard(database, desk.whatsapp_bot) == [(desk.telegram_bot, OWN)]


async def test_managers_hear_of_a_refused_account_beside_whoever_looks_after_it(
    database: Database, connection: Plain
) -> None:
    desk = support.desk(connection)
    assert await heard(database, desk.whatsapp_bot, "bot_refused") == [(desk.telegram_bot, desk.chat)]
    assert await heard(database, desk.whatsapp_bot) == []

    for chat, expected in ((OWN, [OWN, desk.chat]), (desk.chat, [desk.chat])):
        connection.execute("update platform.bots set alert_chat_id = %s where id = %s", (chat, desk.telegram_bot))
        routes = await heard(database, desk.whatsapp_bot, "bot_refused")
        assert routes == [(desk.telegram_bot, each) for each in expected]
