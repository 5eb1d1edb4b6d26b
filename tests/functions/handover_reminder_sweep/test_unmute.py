"""Mutes that have run out are lifted, and not while a person has the conversation."""

from datetime import timedelta
from itertools import product
from uuid import UUID

from functions.handover_reminder_sweep import unmute
from shared.database.pool import Database
from shared.support.mute import Bot, BotStatus, HandoverStatus, has_expired
from tests.conftest import rows
from tests.functions.handover_reminder_sweep.conftest import Tick
from tests.functions.handover_reminder_sweep.world import Waiting
from tests.helpers.worlds import support as desks

BOTS: tuple[BotStatus, ...] = ("active", "muted")
UNTIL = (None, timedelta(hours=-1), timedelta(hours=1))
STATUSES: tuple[HandoverStatus | None, ...] = (None, "pending", "active", "resolved", "bot_handling", "timeout")


def conversation(
    waiting: Waiting, number: int, bot: BotStatus, until: timedelta | None, status: HandoverStatus | None
) -> UUID:
    """A conversation in a state, with or without a handover in a state."""
    made = desks.conversation(waiting.connection, waiting.desk, f"77020000{number:03}@s.whatsapp.net", bot_status=bot)
    waiting.connection.execute(
        "update support.conversations set bot_muted_until = now() + %s::interval where id = %s", (until, made)
    )
    if status:
        waiting.connection.execute(
            "insert into support.handovers (conversation_id, client_id, trigger_type, status, assigned_to_name,"
            " resolved_at) values (%(id)s, %(client)s, 'keyword', %(status)s, 'Вера',"
            " case when %(status)s not in ('pending', 'active') then now() end)",
            {"id": made, "client": waiting.desk.id, "status": status},
        )
    return made


async def test_the_sweep_lifts_exactly_the_mutes_that_the_rule_says_are_over(waiting: Waiting, tick: Tick) -> None:
    [row] = rows(waiting.connection, "select now() as now")
    made = {
        conversation(waiting, number, bot, until, status): (bot, until, status)
        for number, (bot, until, status) in enumerate(product(BOTS, UNTIL, STATUSES))
    }
    before = {row["id"]: row for row in rows(waiting.connection, "select * from support.conversations")}

    report = await tick()

    after = {row["id"]: row for row in rows(waiting.connection, "select * from support.conversations")}
    over = {
        conversation for conversation, (bot, until, status) in made.items()
        if has_expired(Bot(bot, None if until is None else row["now"] + until), status, row["now"])
    }  # fmt: skip
    assert {conversation for conversation in made if after[conversation] != before[conversation]} == over
    assert all(
        (after[conversation]["bot_status"], after[conversation]["bot_muted_until"]) == ("active", None)
        for conversation in over
    )
    assert (report["unmuted"], report["done"], report["remaining"]) == (len(over), len(over), 0)
    assert len(over) == 5


async def test_a_mute_that_ran_out_under_an_active_handover_stays(waiting: Waiting, tick: Tick) -> None:
    held = conversation(waiting, 1, "muted", timedelta(hours=-1), "active")

    assert (await tick())["unmuted"] == 0

    waiting.connection.execute("update support.handovers set status = 'resolved', resolved_at = now()")
    assert (await tick())["unmuted"] == 1
    assert rows(waiting.connection, "select bot_status from support.conversations where id = %s", held) == [
        {"bot_status": "active"}
    ]


async def test_many_mutes_are_lifted_batch_by_batch_those_first_that_ran_out_first(
    waiting: Waiting, database: Database
) -> None:
    ids = [conversation(waiting, n, "muted", timedelta(minutes=-n), None) for n in range(1, 8)]

    assert await unmute.unmute_expired(database, batch_rows=3) == 3

    lifted = rows(waiting.connection, "select id from support.conversations where bot_status = 'active'")
    assert {row["id"] for row in lifted} == set(ids[4:])
    assert [await unmute.unmute_expired(database, batch_rows=3) for _ in range(3)] == [3, 1, 0]
