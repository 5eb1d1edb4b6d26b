"""The same delivery again: at once, the next day, with other words."""

from collections import Counter
from typing import Any

import pytest

from tests.functions.ingest_webhook.conftest import (
    DUPLICATE,
    STORED,
    Door,
    answer,
    at_once,
    new_id,
)
from tests.helpers import canaries


async def test_i1_fifty_deliveries_of_one_answer_at_once_are_one_event(door: Door) -> None:
    answer_id = new_id()
    responses = await at_once(door.served.url, [answer(answer_id)] * 50)
    assert Counter(one.status_code for one in responses) == {200: 50}
    assert sum(one.json()["stored"] for one in responses) == 1
    assert sum(one.json()["duplicates"] for one in responses) == 49
    assert len(door.events(answer_id)) == 1


async def test_i1_so_are_fifty_of_one_order_in_two_guises(door: Door) -> None:
    deal_id = new_id()
    bodies = [{"eventType": f"getcourse/deal{name}", "deal": {"id": deal_id}} for name in ("Paid", "StatusChanged")]
    responses = await at_once(door.served.url, bodies * 25)
    assert Counter(one.status_code for one in responses) == {200: 50}
    assert sum(one.json()["stored"] for one in responses) == 1
    [row] = door.account_events(deal_id)
    assert set(row["event_types"]) == {"dealPaid", "dealStatusChanged"}


async def test_i1_a_crowd_of_different_answers_each_hears_its_own_result(door: Door) -> None:
    ids = [new_id() for _ in range(40)]
    payloads = [answer(one) for one in ids] + [answer(one) for one in ids] + [{"riddle": one} for one in ids]
    responses = await at_once(door.served.url, payloads)
    tallies = [one.json() for one in responses]
    assert [sum(tally.values()) for tally in tallies] == [1] * 120
    assert sum(tally["stored"] for tally in tallies) == 40
    assert all(tally["unparsed"] == 1 for tally in tallies[80:])
    assert [len(door.events(one)) for one in ids] == [1] * 40


def test_i20_a_replay_the_next_day_changes_nothing(door: Door) -> None:
    answer_id = new_id()
    assert door.json(answer(answer_id)).json() == STORED
    door.connection.execute(
        """update getcourse.webhook_events
           set created_at = created_at - interval '1 day', processed = true, processed_at = now()
           where answer_id = %s""",
        (answer_id,),
    )
    before = door.event(answer_id)
    assert door.json(answer(answer_id)).json() == DUPLICATE
    assert (
        door.json(answer(answer_id, answer_text=f"  {canaries.ANSWER}\r\n", event_date="2026-03-03")).json()
        == DUPLICATE
    )
    assert door.event(answer_id) == before


@pytest.mark.parametrize("change", [{"answer_text": "иначе"}, {"answer_status": "accepted"}, {"answer_text": None}])
def test_i20_a_replay_with_other_words_or_another_status_is_another_event(door: Door, change: dict[str, Any]) -> None:
    answer_id = new_id()
    assert door.json(answer(answer_id)).json() == STORED
    assert door.json(answer(answer_id, **change)).json() == STORED
    assert len(door.events(answer_id)) == 2


def test_the_same_answer_of_two_schools_is_two_events(door: Door) -> None:
    answer_id = new_id()
    assert door.json(answer(answer_id)).json() == STORED
    assert door.json(answer(answer_id), **door.add_source("sister")).json() == STORED
