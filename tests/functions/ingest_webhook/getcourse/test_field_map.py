"""The names that administrators type, and the placeholders that GetCourse does not fill in."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.functions.ingest_webhook.getcourse.test_shapes import SHAPES
from tests.functions.ingest_webhook.getcourse.world import STORED, UNPARSED, World, answer, new_id
from tests.helpers import canaries


def test_a_field_map_reads_the_names_that_an_administrator_typed(world: World) -> None:
    field_map = {
        "answer_id": "aid",
        "user_id": "uid",
        "answer_text": "текст",
        "user_email": "user[email]",
        "event_date": "when",
    }
    how = world.add_source("mapped", field_map=json.dumps(field_map))
    for send in ("GET", "form", "json"):
        answer_id = new_id()
        fields = {
            "when": "02.03.2026 14:36",
            "uid": "512000001",
            "aid": answer_id,
            "текст": canaries.ANSWER,
            "user[email]": canaries.EMAIL,
            "answer_text": "не то поле",
            "answer_status": "new",
        }
        if send == "GET":
            response = world.call("GET", query=urlencode(fields), **how)
        else:
            response = getattr(world, send)(fields, **how)
        assert response.json() == STORED, send
        event = world.event(answer_id)
        assert (event["answer_text"], event["user_email"]) == (canaries.ANSWER, canaries.EMAIL)
        assert (event["user_id"], event["answer_status"]) == ("512000001", "new")
        assert event["event_date"] == datetime(2026, 3, 2, 11, 36, tzinfo=UTC)


def test_a_malformed_field_map_loses_no_delivery(world: World) -> None:
    field_map = {"answer_text": ["answer", "text"], "answer_id": None, "user_email": {"a": 1}, "answer_status": 5}
    response = world.json(answer(new_id()), **world.add_source("spoilt", field_map=json.dumps(field_map)))
    assert response.status_code == 200
    assert sum(response.json().values()) == 1


@pytest.mark.parametrize("shape", ["get_query", "post_form", "post_json"])
def test_a_placeholder_that_was_not_filled_in_leaves_an_optional_field_empty(world: World, shape: str) -> None:
    answer_id = new_id()
    fields = answer(
        answer_id,
        user_email="{object.user.email}",
        answer_lesson_id=" {object.lesson} ",
        event_date="{object.created_at}",
    )
    assert SHAPES[shape](world, fields).json() == STORED
    event = world.event(answer_id)
    assert event["user_email"] is None
    assert event["answer_lesson_id"] is None
    assert abs((event["event_date"] - event["created_at"]).total_seconds()) < 60
    assert event["raw_payload"]["user_email"] == "{object.user.email}"


@pytest.mark.parametrize("field", ["answer_id", "user_id"])
@pytest.mark.parametrize("shape", ["get_query", "post_form", "post_json"])
def test_a_placeholder_in_a_required_field_is_kept_with_its_reason(world: World, field: str, shape: str) -> None:
    fields = answer(new_id()) | {field: "{object.id}", "answer_text": f"{canaries.ANSWER} {new_id()}"}

    response = SHAPES[shape](world, fields)

    assert (response.status_code, response.json()) == (200, UNPARSED)
    row = world.unparsed(response)
    assert row["reason"] == f"unparsed: GetCourse did not fill in the placeholder of {field}"
    assert row["source"] == "school"
    assert row["bytes"] > 0
    assert canaries.SOURCE_SECRET.encode() not in row["query"] + row["body"]


@pytest.mark.parametrize("value", [None, "", "  ", [], {}, "missing"])
@pytest.mark.parametrize("field", ["answer_id", "user_id"])
def test_a_missing_required_field_is_kept_with_its_reason(world: World, field: str, value: Any) -> None:
    fields = answer(new_id()) | {field: value, "answer_text": new_id()}
    if value == "missing":
        del fields[field]
    response = world.json(fields)
    assert (response.status_code, response.json()) == (200, UNPARSED)
    assert field in world.unparsed(response)["reason"]


@pytest.mark.parametrize(
    "field", ["user_id", "answer_id", "answer_training_id", "answer_lesson_id", "answer_teacher_id"]
)
def test_an_id_of_fifty_characters_fits_and_one_of_51_is_kept_with_its_reason(world: World, field: str) -> None:
    fits = answer(new_id()) | {field: new_id().rjust(50, "7")}
    assert world.json(fits).json() == STORED
    response = world.json(answer(new_id()) | {field: new_id().rjust(51, "7")})
    assert response.json() == UNPARSED
    assert world.unparsed(response)["reason"] == f"{field} is longer than 50 characters"


def test_names_and_statuses_that_are_too_long_are_cut_not_refused(world: World) -> None:
    answer_id = new_id()
    long = "ж" * 300
    fields = dict.fromkeys(("user_email", "user_first_name", "user_last_name", "answer_status", "answer_type"), long)
    assert world.json(answer(answer_id, **fields)).json() == STORED
    event = world.event(answer_id)
    assert (len(event["user_first_name"]), len(event["answer_status"])) == (255, 50)
    assert event["raw_payload"]["user_email"] == long


def test_a_source_with_a_field_map_still_reads_our_own_field_names(world: World) -> None:
    mapped = world.add_source("moving", field_map=json.dumps({"user_id": "uchenik", "answer_text": "otvet"}))
    by_process, by_n8n = new_id(), new_id()

    assert world.json({**answer(by_process), "uchenik": "77"}, **mapped).json() == STORED
    assert world.json(answer(by_n8n), **mapped).json() == STORED

    assert world.event(by_process)["user_id"] == "77"
    assert world.event(by_n8n)["user_id"] == answer(by_n8n)["user_id"]


def test_an_id_that_became_a_float_on_its_way_is_the_same_id(world: World) -> None:
    answer_id = new_id()

    assert world.json(answer(answer_id, user_id=920001.0)).json() == STORED

    assert world.event(answer_id)["user_id"] == "920001"
