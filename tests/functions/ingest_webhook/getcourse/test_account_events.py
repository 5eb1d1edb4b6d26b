"""Comments, orders, dialogs, calls: what GetCourse tells besides answers."""

from typing import Any

import pytest

from tests.functions.ingest_webhook.getcourse.world import DUPLICATE, MOMENT, STORED, World, new_id
from tests.helpers import canaries


def comment(comment_id: str) -> dict[str, Any]:
    """A comment on an answer; `files` is a string that holds JSON."""
    return {
        "ts": "2026-03-02T14:36:58Z",
        "ts64": 1772451418,
        "eventType": "getcourse/answerCommentCreated",
        "gcAccountId": 77001,
        "comment": {"id": comment_id, "answer_id": 1, "comment_text": canaries.ANSWER, "files": '{"files":[]}'},
    }


def deal(deal_id: str, event_type: str = "dealPaid", **fields: Any) -> dict[str, Any]:
    """An order."""
    return {
        "ts": "2026-03-02T14:36:58Z",
        "ts64": 1772451418,
        "eventType": f"getcourse/{event_type}",
        "gcAccountId": 77001,
        "user": {"id": "77001:512000001", "gcId": 512000001, "email": canaries.EMAIL},
        "gcVisitorId": None,
        "deal": {
            "id": deal_id,
            "number": 11000001,
            "cost": 4900,
            "status": "payed",
            "isPayed": True,
            "payedValue": 4881.16,
            "offerIds": [8600001],
            "clientDealNumber": "0",
            **fields,
        },
    }


def test_a_comment_is_an_account_event(world: World) -> None:
    comment_id = new_id()
    assert world.json(comment(comment_id)).json() == STORED
    assert world.json({"json": comment(comment_id)}).json() == DUPLICATE
    [row] = world.account_events(comment_id)
    assert (row["event_types"], row["event_date"]) == (["answerCommentCreated"], MOMENT)
    assert row["raw_payload"]["comment"]["comment_text"] == canaries.ANSWER


@pytest.mark.parametrize("event_id", [1, 2, 3, 4])
def test_a_dialog_is_an_account_event_in_local_time(world: World, event_id: int) -> None:
    dialog_id = new_id()
    body = {
        "event_id": event_id,
        "dialog_id": int(dialog_id),
        "created_at": "2026-03-02 14:36:58",
        "text": canaries.ANSWER,
    }
    assert world.json(body).json() == STORED
    [row] = world.account_events(dialog_id)
    assert (row["event_types"], row["event_date"]) == ([f"dialog{event_id}"], MOMENT)


def test_a_call_is_an_account_event(world: World) -> None:
    call_id = new_id()
    assert world.json({"type": "call", "id": int(call_id), "created_at": 1772451418, "duration": 65}).json() == STORED
    [row] = world.account_events(call_id)
    assert (row["event_types"], row["event_date"]) == (["call"], MOMENT)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "false", "isPayed": 0, "cost": 0, "clientDealNumber": 0},
        {"status": "part_payed", "payedValue": 1181.16},
        {"isPayed": False, "offerIds": []},
        {"id": None},
        {"id": "9" * 80},
    ],
)
def test_the_changing_types_of_an_order_do_not_matter(world: World, fields: dict[str, Any]) -> None:
    response = world.json(deal(new_id(), "dealStatusChanged", **fields))
    assert response.json() == STORED


@pytest.mark.parametrize("order", [("dealPaid", "dealStatusChanged"), ("dealStatusChanged", "dealPaid")])
@pytest.mark.parametrize("together", [False, True])
def test_the_twins_of_a_paid_order_are_one_row_with_both_names(
    world: World, order: tuple[str, str], *, together: bool
) -> None:
    deal_id = new_id()
    twins = [deal(deal_id, name) for name in order]
    answers = [world.json(twins)] if together else [world.json(twin) for twin in twins]
    assert sum(response.json()["stored"] for response in answers) == 1
    [row] = world.account_events(deal_id)
    assert sorted(row["event_types"]) == ["dealPaid", "dealStatusChanged"]


def test_a_repeated_account_event_names_each_type_once(world: World) -> None:
    deal_id = new_id()
    world.json([deal(deal_id), deal(deal_id)])
    world.json([deal(deal_id), deal(deal_id, "dealStatusChanged")])
    [row] = world.account_events(deal_id)
    assert sorted(row["event_types"]) == ["dealPaid", "dealStatusChanged"]


def test_an_order_that_changed_again_is_another_row(world: World) -> None:
    deal_id = new_id()
    world.json(deal(deal_id, "dealStatusChanged", status="payment_waiting"))
    world.json(deal(deal_id, "dealStatusChanged", status="payed"))
    assert len(world.account_events(deal_id)) == 2


def test_an_unknown_event_is_stored_under_its_own_name(world: World) -> None:
    event_id = new_id()
    assert world.json({"eventType": "getcourse/somethingNew", "id": event_id, "ts64": 1772451418}).json() == STORED
    assert world.account_events(event_id)[0]["event_types"] == ["somethingNew"]
