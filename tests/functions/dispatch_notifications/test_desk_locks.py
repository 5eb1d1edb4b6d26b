"""Who ends a card and who moves its handover want the same rows: they wait for each other, not both."""

import asyncio

from tests.conftest import rows
from tests.functions.dispatch_notifications.delivery import Delivery
from tests.functions.dispatch_notifications.desk_group import Group, group

__all__ = ["group"]


async def test_a_card_ends_while_its_handover_moves_without_a_deadlock(group: Group, delivery: Delivery) -> None:
    """Whoever moves it has its row, and then wants the lane of its topic to enqueue into."""
    await group.open()
    group.telegram.telegram.latency = 0.5
    running = asyncio.create_task(delivery.tick())
    for _ in range(500):
        if group.states("support/card") == ["sending"]:
            break
        await asyncio.sleep(0.02)
    async with group.database.transaction() as connection:
        await connection.execute("update support.handovers set joined = joined + 1")
        await asyncio.sleep(0.8)  # the dispatcher wants to write down where the card hangs
        await connection.execute("select from platform.lanes order by bot_id, lane for update")

    await running

    assert group.handover()["telegram_message_id"] is not None
    assert group.handover()["joined"] == 1
    assert group.states("support/card") == ["sent"]
    await asyncio.sleep(1.5)  # until the server has counted
    counted = rows(group.connection, "select deadlocks from pg_stat_database where datname = current_database()")
    assert counted == [{"deadlocks": 0}]
