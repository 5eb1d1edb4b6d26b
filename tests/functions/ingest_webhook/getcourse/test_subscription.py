"""GetCourse's own subscription: quoted ids, a lying clock, no e-mail, wrapped by whoever forwards it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.functions.ingest_webhook.getcourse.world import (
    DUPLICATE,
    MOMENT,
    STORED,
    UNPARSED,
    World,
    answer,
    new_id,
    subscription,
)
from tests.helpers import arrange, canaries

WRAPS: dict[str, Callable[[Any], Any]] = {
    "bare": lambda body: body,
    "envelope": lambda body: {"json": body},
    "list": lambda body: [body],
    "list_of_envelopes": lambda body: [{"json": body}],
}
LIST_WRAPS = {"bare": WRAPS["bare"], "envelope": WRAPS["envelope"], "list_of_envelopes": WRAPS["list_of_envelopes"]}


@pytest.mark.parametrize("wrap", WRAPS.values(), ids=WRAPS)
def test_a_subscription_is_read_however_it_is_wrapped(world: World, wrap: Callable[[Any], Any]) -> None:
    answer_id = new_id()

    response = world.json(wrap(subscription(answer_id, user_id=512999999)))

    assert response.json() == STORED
    event = world.event(answer_id)
    assert event["event_date"] == MOMENT  # ts64; `ts` would be three hours later
    assert (event["user_id"], event["user_email"]) == ("512999999", None)
    assert (event["answer_training_id"], event["answer_lesson_id"]) == ("911000001", "334000001")
    assert (event["answer_type"], event["answer_status"]) == ("mission_answer", "new")
    assert (event["answer_text"], event["answer_teacher_id"]) == (canaries.ANSWER, None)
    assert event["raw_payload"]["answer"]["id"] == f"'{answer_id}'"
    assert event["raw_payload"]["gcAccountId"] == 77001


def test_an_envelope_is_opened_although_the_address_has_parameters_of_its_own(world: World) -> None:
    answer_id = new_id()
    assert world.json({"json": subscription(answer_id)}, query="school=north").json() == STORED
    assert world.event(answer_id)["answer_text"] == canaries.ANSWER


def test_a_key_called_json_among_others_is_no_envelope(world: World) -> None:
    answer_id = new_id()
    assert world.json(answer(answer_id, json={"answer_id": "1"})).json() == STORED


@pytest.mark.parametrize("wrap", LIST_WRAPS.values(), ids=LIST_WRAPS)
def test_every_delivery_of_a_list_is_stored(world: World, wrap: Callable[[Any], Any]) -> None:
    ids = [new_id() for _ in range(3)]
    response = world.json(wrap([subscription(ids[0]), answer(ids[1]), {"json": subscription(ids[2])}]))
    assert response.json() == {"stored": 3, "duplicates": 0, "unparsed": 0}
    assert [len(world.events(answer_id)) for answer_id in ids] == [1, 1, 1]


def test_one_bad_delivery_of_a_list_is_kept_and_costs_the_others_nothing(world: World) -> None:
    ids = [new_id(), new_id()]
    response = world.json([answer(ids[0]), {"hello": new_id()}, "text", 5, None, answer(ids[1])])
    assert response.json() == {"stored": 2, "duplicates": 0, "unparsed": 4}
    assert [len(world.events(answer_id)) for answer_id in ids] == [1, 1]
    assert world.unparsed(response)["body"].startswith(b"[{")


@pytest.mark.parametrize("content", [[], {"json": []}, [1] * 101])
def test_a_list_of_nothing_or_of_too_much_is_kept_with_its_reason(world: World, content: Any) -> None:
    response = world.json(content)
    assert response.json() == UNPARSED
    assert "list" in world.unparsed(response)["reason"]


@pytest.mark.parametrize(
    "fields",
    [
        {"questionary": {"status": "complete", "points_sum": 8, "answers_count": 10}},
        {"questionary": []},
        {"questionary": None, "additional_fields": None},
        {
            "additional_fields": [
                {"id": 1, "title": "Город", "required": True, "value": "Тверь"},
                {"id": 2, "required": "1", "value": None},
            ]
        },
        {"lesson_teacher_id": 498000001, "training_id": None},
        {"deleted": 1, "deleted_at": "2026-03-03T00:00:00Z"},
    ],
)
def test_the_changing_types_of_a_subscription_do_not_matter(world: World, fields: dict[str, Any]) -> None:
    answer_id = new_id()
    assert world.json(subscription(answer_id, **fields)).json() == STORED
    assert world.event(answer_id)["raw_payload"]["answer"].items() >= fields.items()


@pytest.mark.parametrize("quoted", ["{}", "'{}'", '"{}"', " '{}' "])
def test_a_quoted_answer_id_is_the_same_answer(world: World, quoted: str) -> None:
    answer_id = new_id()
    assert world.json(answer(answer_id)).json() == STORED
    assert world.json(subscription(answer_id, id=quoted.format(answer_id))).json() == DUPLICATE


def test_an_answer_without_an_email_gets_that_of_the_student_valid_at_its_time(world: World) -> None:
    for email, since, until in (
        ("vera.before@example.com", "2020-01-01 00:00+00", "2026-03-02 11:36:58+00"),
        (canaries.EMAIL, "2026-03-02 11:36:58+00", "2026-03-05 00:00+00"),
        ("vera.after@example.com", "2026-03-05 00:00+00", None),
    ):
        world.connection.execute(
            """insert into getcourse.students (getcourse_id, email, valid_from, valid_to)
               values (%s, %s, %s, coalesce(%s, '9999-12-31')::timestamptz)""",
            ("512777001", email, since, until),
        )
    found = {}
    for ts64 in (1772451417, 1772451418, 1772600000, 1772900000):
        answer_id = new_id()
        world.json(subscription(answer_id, user_id=512777001) | {"ts64": ts64})
        found[ts64] = world.event(answer_id)["user_email"]
    assert found == {
        1772451417: "vera.before@example.com",
        1772451418: canaries.EMAIL,  # the very second of the change
        1772600000: canaries.EMAIL,
        1772900000: "vera.after@example.com",
    }


def test_an_email_that_was_sent_is_not_replaced_and_an_unknown_student_stays_without(world: World) -> None:
    arrange.student(world.connection, getcourse_id="512777002", email="known@example.com")
    sent, unknown = new_id(), new_id()
    world.json(answer(sent, user_id="512777002", user_email="typed@example.com"))
    world.json(subscription(unknown, user_id=512777003))
    assert world.event(sent)["user_email"] == "typed@example.com"
    assert world.event(unknown)["user_email"] is None


def test_the_fields_of_a_form_make_no_other_event_of_an_answer(world: World) -> None:
    """They are read out of the payload when the mentor is told."""
    answer_id = new_id()
    form = {"additional_fields": [{"id": 1, "title": "Город", "value": "Тверь"}], "questionary": {"points_sum": 4}}

    assert world.json(subscription(answer_id, **form)).json() == STORED
    assert world.json(subscription(answer_id)).json() == DUPLICATE
    event = world.event(answer_id)
    assert event["answer_text"] == canaries.ANSWER
    assert event["raw_payload"]["answer"]["additional_fields"] == form["additional_fields"]
