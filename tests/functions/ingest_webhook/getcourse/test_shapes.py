"""Every way in which GetCourse, its administrators and the n8n flow of before tell us something."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.ingest_webhook.getcourse.world import MOMENT, STORED, World, answer, new_id
from tests.functions.ingest_webhook.properties import thorough
from tests.helpers import canaries

Send = Callable[[World, dict[str, Any]], httpx.Response]
SHAPES: dict[str, Send] = {
    "get_query": lambda world, fields: world.call("GET", query=urlencode(fields)),
    "post_query": lambda world, fields: world.call("POST", query=urlencode(fields, quote_via=quote)),
    "post_form": lambda world, fields: world.form(fields),
    "post_json": lambda world, fields: world.json(fields),
    "n8n_item": lambda world, fields: world.json({"json": fields}),
    "n8n_list": lambda world, fields: world.json([fields]),
    "n8n_list_of_items": lambda world, fields: world.json([{"json": fields}]),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_an_answer_becomes_the_same_event(world: World, shape: str) -> None:
    answer_id = new_id()
    text = f"{canaries.ANSWER}: 100% «да» + нет & x=1; 5 < 7 😀\nвторая строка"

    response = SHAPES[shape](
        world, answer(answer_id, answer_text=text, user_first_name="Вера", user_last_name=canaries.STUDENT)
    )

    assert (response.status_code, response.json()) == (200, STORED)
    event = world.event(answer_id)
    assert event["answer_text"] == text
    assert event["event_date"] == MOMENT
    assert (event["user_id"], event["user_email"]) == ("512000001", canaries.EMAIL)
    assert (event["user_first_name"], event["user_last_name"]) == ("Вера", canaries.STUDENT)
    assert (event["answer_training_id"], event["answer_lesson_id"]) == ("911000001", "334000001")
    assert event["answer_status"] == "new"
    assert not event["processed"]
    assert not event["sanitized"]
    assert event["correlation_id"] == response.headers["x-correlation-id"]


@pytest.mark.parametrize("shape", SHAPES)
def test_the_raw_payload_holds_the_answer_but_never_the_secret(world: World, shape: str) -> None:
    answer_id = new_id()

    SHAPES[shape](world, answer(answer_id))

    event = world.event(answer_id)
    assert event["raw_payload"]["answer_text"] == canaries.ANSWER
    everything = json.dumps(event, default=repr, ensure_ascii=False) + bytes(event["raw_body"] or b"").decode()
    assert canaries.SOURCE_SECRET not in everything
    assert "secret" not in everything


@pytest.mark.parametrize("header", ["x-webhook-secret", "X-GetCourse-Secret"])
def test_the_secret_may_come_in_a_header(world: World, header: str) -> None:
    answer_id = new_id()
    response = world.call(secret=None, query=urlencode(answer(answer_id)), headers={header: canaries.SOURCE_SECRET})
    assert response.json() == STORED
    assert world.event(answer_id)["answer_text"] == canaries.ANSWER


def test_the_secret_may_stand_anywhere_in_the_query_under_its_short_name(world: World) -> None:
    answer_id = new_id()
    query = f"user_id=512000001&k={canaries.SOURCE_SECRET}&answer_id={answer_id}"
    assert world.call("GET", secret=None, query=query).json() == STORED
    assert b"k=" not in world.event(answer_id)["raw_body"]


def test_all_shapes_of_one_answer_are_one_event(world: World) -> None:
    answer_id = new_id()
    stored = [send(world, answer(answer_id)).json()["stored"] for send in SHAPES.values()]
    assert stored == [1] + [0] * (len(SHAPES) - 1)
    assert len(world.events(answer_id)) == 1


@thorough
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=200), shape=st.sampled_from(sorted(SHAPES)))
def test_any_text_arrives_as_it_was_written(world: World, text: str, shape: str) -> None:
    answer_id = new_id()
    assert SHAPES[shape](world, answer(answer_id, answer_text=f"<{text}>")).json() == STORED
    event = world.event(answer_id)
    assert event["answer_text"] == f"<{text}>".replace("\x00", "\ufffd")
    assert event["sanitized"] == ("\x00" in text)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_ampersand_inside_an_answer_does_not_cut_it(world: World, method: str) -> None:
    answer_id = new_id()
    text = "Дон & дин, R&D и 50% & всё"
    query = f"answer_id={answer_id}&user_id=512000001&answer_text={quote(text, safe='&')}&answer_status=new"
    assert world.call(method, query=query).json() == STORED
    event = world.event(answer_id)
    assert event["answer_text"] == text
    assert event["answer_status"] == "new"
    assert event["raw_body"] == query.encode()


@pytest.mark.parametrize("text", ["F = ma&k=5", "пишу&secret=пароль", "&k=&secret="])
def test_an_ampersand_that_makes_a_second_secret_costs_no_answer(world: World, text: str) -> None:
    answer_id = new_id()
    query = f"answer_id={answer_id}&user_id=512000001&answer_text={quote(text, safe='&=')}"
    response = world.call("GET", query=query)
    assert (response.status_code, response.json()) == (200, STORED)
    assert len(world.events(answer_id)) == 1


def test_plus_and_percent_are_decoded_once(world: World) -> None:
    answer_id = new_id()
    query = f"answer_id={answer_id}&user_id=5&answer_text=1%2B1+%3D+2%2C+100%25+%2541&user_email=a%2Bb%40example.com"
    assert world.call("GET", query=query).json() == STORED
    event = world.event(answer_id)
    assert event["answer_text"] == "1+1 = 2, 100% %41"
    assert event["user_email"] == "a+b@example.com"


def test_a_lone_percent_sign_stays(world: World) -> None:
    answer_id = new_id()
    assert world.form(f"answer_id={answer_id}&user_id=512000001&answer_text=100%+готово, 5%zz").json() == STORED
    assert world.event(answer_id)["answer_text"] == "100% готово, 5%zz"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251"])
def test_a_form_that_nobody_escaped_is_read(world: World, encoding: str) -> None:
    answer_id = new_id()
    body = f"answer_id={answer_id}&user_id=5&answer_text=Колокол".encode(encoding)
    assert world.call(content=body, headers={"content-type": "application/x-www-form-urlencoded"}).json() == STORED
    event = world.event(answer_id)
    assert event["raw_body"] == body
    assert (event["answer_text"], event["sanitized"]) == ("Колокол", False)
