"""The same delivery again: at once, the next day, with another text."""

from collections import Counter
from typing import Any

import pytest

from tests.functions.ingest_webhook.getcourse.world import (
    DUPLICATE,
    STORED,
    World,
    answer,
    at_once,
    new_id,
)
from tests.helpers import canaries


async def test_fifty_deliveries_of_one_answer_at_once_are_one_event(world: World) -> None:
    answer_id = new_id()
    responses = await at_once(world.served.url, [answer(answer_id)] * 50)
    assert Counter(response.status_code for response in responses) == {200: 50}
    assert sum(response.json()["stored"] for response in responses) == 1
    assert sum(response.json()["duplicates"] for response in responses) == 49
    assert len(world.events(answer_id)) == 1


async def test_fifty_deliveries_of_one_order_under_two_names_are_one_event(world: World) -> None:
    deal_id = new_id()
    bodies = [{"eventType": f"getcourse/deal{name}", "deal": {"id": deal_id}} for name in ("Paid", "StatusChanged")]
    responses = await at_once(world.served.url, bodies * 25)
    assert Counter(response.status_code for response in responses) == {200: 50}
    assert sum(response.json()["stored"] for response in responses) == 1
    [row] = world.account_events(deal_id)
    assert set(row["event_types"]) == {"dealPaid", "dealStatusChanged"}


async def test_of_many_deliveries_at_once_each_gets_its_own_result(world: World) -> None:
    ids = [new_id() for _ in range(40)]
    answers = [answer(answer_id) for answer_id in ids]
    payloads = [*answers, *answers, *({"unknown": answer_id} for answer_id in ids)]
    responses = await at_once(world.served.url, payloads)
    all_counts = [response.json() for response in responses]
    assert [sum(counts.values()) for counts in all_counts] == [1] * 120
    assert sum(counts["stored"] for counts in all_counts) == 40
    assert all(counts["unparsed"] == 1 for counts in all_counts[80:])
    assert [len(world.events(answer_id)) for answer_id in ids] == [1] * 40


def test_a_replay_the_next_day_changes_nothing(world: World) -> None:
    answer_id = new_id()
    assert world.json(answer(answer_id)).json() == STORED
    world.connection.execute(
        """update getcourse.webhook_events
           set created_at = created_at - interval '1 day', processed = true, processed_at = now()
           where answer_id = %s""",
        (answer_id,),
    )
    before = world.event(answer_id)
    assert world.json(answer(answer_id)).json() == DUPLICATE
    assert (
        world.json(answer(answer_id, answer_text=f"  {canaries.ANSWER}\r\n", event_date="2026-03-03")).json()
        == DUPLICATE
    )
    assert world.event(answer_id) == before


@pytest.mark.parametrize("change", [{"answer_text": "иначе"}, {"answer_status": "accepted"}, {"answer_text": None}])
def test_a_replay_with_another_text_or_status_is_another_event(world: World, change: dict[str, Any]) -> None:
    answer_id = new_id()
    assert world.json(answer(answer_id)).json() == STORED
    assert world.json(answer(answer_id, **change)).json() == STORED
    assert len(world.events(answer_id)) == 2


def test_the_same_answer_of_two_schools_is_two_events(world: World) -> None:
    answer_id = new_id()
    assert world.json(answer(answer_id)).json() == STORED
    assert world.json(answer(answer_id), **world.add_source("sister")).json() == STORED
