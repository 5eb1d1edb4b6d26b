"""Every way in which GetCourse, its administrators and the n8n flow of before tell us something."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.ingest_webhook.conftest import JSON_TYPE, MOMENT, STORED, UNPARSED, Door, answer, new_id, thorough
from tests.support import canaries

Send = Callable[[Door, dict[str, Any]], httpx.Response]
SHAPES: dict[str, Send] = {
    "get_query": lambda door, fields: door.call("GET", query=urlencode(fields)),
    "post_query": lambda door, fields: door.call("POST", query=urlencode(fields, quote_via=quote)),
    "post_form": lambda door, fields: door.form(fields),
    "post_json": lambda door, fields: door.json(fields),
    "n8n_item": lambda door, fields: door.json({"json": fields}),
    "n8n_list": lambda door, fields: door.json([fields]),
    "n8n_list_of_items": lambda door, fields: door.json([{"json": fields}]),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_an_answer_becomes_the_same_event(door: Door, shape: str) -> None:
    answer_id = new_id()
    text = f"{canaries.ANSWER}: 100% «да» + нет & x=1; 5 < 7 😀\nвторая строка"

    response = SHAPES[shape](
        door, answer(answer_id, answer_text=text, user_first_name="Вера", user_last_name=canaries.STUDENT)
    )

    assert (response.status_code, response.json()) == (200, STORED)
    event = door.event(answer_id)
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
def test_the_raw_payload_holds_the_answer_but_never_the_secret(door: Door, shape: str) -> None:
    answer_id = new_id()

    SHAPES[shape](door, answer(answer_id))

    event = door.event(answer_id)
    assert event["raw_payload"]["answer_text"] == canaries.ANSWER
    everything = json.dumps(event, default=repr, ensure_ascii=False) + bytes(event["raw_body"] or b"").decode()
    assert canaries.SOURCE_SECRET not in everything
    assert "secret" not in everything


@pytest.mark.parametrize("header", ["x-webhook-secret", "X-GetCourse-Secret"])
def test_the_secret_may_come_in_a_header(door: Door, header: str) -> None:
    answer_id = new_id()
    response = door.call(secret=None, query=urlencode(answer(answer_id)), headers={header: canaries.SOURCE_SECRET})
    assert response.json() == STORED
    assert door.event(answer_id)["answer_text"] == canaries.ANSWER


def test_the_secret_may_stand_anywhere_in_the_query_under_its_short_name(door: Door) -> None:
    answer_id = new_id()
    query = f"user_id=512000001&k={canaries.SOURCE_SECRET}&answer_id={answer_id}"
    assert door.call("GET", secret=None, query=query).json() == STORED
    assert b"k=" not in door.event(answer_id)["raw_body"]


def test_all_shapes_of_one_answer_are_one_event(door: Door) -> None:
    answer_id = new_id()
    stored = [send(door, answer(answer_id)).json()["stored"] for send in SHAPES.values()]
    assert stored == [1] + [0] * (len(SHAPES) - 1)
    assert len(door.events(answer_id)) == 1


@thorough
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=200), shape=st.sampled_from(sorted(SHAPES)))
def test_any_text_arrives_as_it_was_written(door: Door, text: str, shape: str) -> None:
    answer_id = new_id()
    assert SHAPES[shape](door, answer(answer_id, answer_text=f"<{text}>")).json() == STORED
    event = door.event(answer_id)
    assert event["answer_text"] == f"<{text}>".replace("\x00", "\ufffd")
    assert event["sanitized"] == ("\x00" in text)


# What GetCourse does not escape -------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_ampersand_inside_an_answer_does_not_cut_it(door: Door, method: str) -> None:
    answer_id = new_id()
    text = "Дон & дин, R&D и 50% & всё"
    query = f"answer_id={answer_id}&user_id=512000001&answer_text={quote(text, safe='&')}&answer_status=new"
    assert door.call(method, query=query).json() == STORED
    event = door.event(answer_id)
    assert event["answer_text"] == text
    assert event["answer_status"] == "new"
    assert event["raw_body"] == query.encode()


@pytest.mark.parametrize("text", ["F = ma&k=5", "пишу&secret=пароль", "&k=&secret="])
def test_an_ampersand_that_makes_a_second_secret_does_not_lock_the_student_out(door: Door, text: str) -> None:
    answer_id = new_id()
    query = f"answer_id={answer_id}&user_id=512000001&answer_text={quote(text, safe='&=')}"
    response = door.call("GET", query=query)
    assert (response.status_code, response.json()) == (200, STORED)
    assert len(door.events(answer_id)) == 1


def test_plus_and_percent_are_decoded_once(door: Door) -> None:
    answer_id = new_id()
    query = f"answer_id={answer_id}&user_id=5&answer_text=1%2B1+%3D+2%2C+100%25+%2541&user_email=a%2Bb%40example.com"
    assert door.call("GET", query=query).json() == STORED
    event = door.event(answer_id)
    assert event["answer_text"] == "1+1 = 2, 100% %41"
    assert event["user_email"] == "a+b@example.com"


def test_a_lone_percent_sign_stays(door: Door) -> None:
    answer_id = new_id()
    assert door.form(f"answer_id={answer_id}&user_id=512000001&answer_text=100%+готово, 5%zz").json() == STORED
    assert door.event(answer_id)["answer_text"] == "100% готово, 5%zz"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251"])
def test_a_form_that_nobody_escaped_is_kept(door: Door, encoding: str) -> None:
    answer_id = new_id()
    body = f"answer_id={answer_id}&user_id=5&answer_text=Колокол".encode(encoding)
    assert door.call(content=body, headers={"content-type": "application/x-www-form-urlencoded"}).json() == STORED
    event = door.event(answer_id)
    assert event["raw_body"] == body
    assert event["sanitized"] == (encoding == "cp1251")
    assert (event["answer_text"] == "Колокол") == (encoding == "utf-8")


def test_bytes_in_a_query_that_are_no_utf8_are_kept(door: Door) -> None:
    answer_id = new_id()
    query = f"answer_id={answer_id}&user_id=5&answer_text=" + quote("Колокол".encode("cp1251"))
    assert door.call("GET", query=query).json() == STORED
    event = door.event(answer_id)
    assert event["raw_body"] == query.encode()
    assert "\ufffd" in event["answer_text"]


# The field map, and placeholders ------------------------------------------------------------------


def test_a_field_map_reads_the_names_that_an_administrator_typed(door: Door) -> None:
    field_map = {
        "answer_id": "aid",
        "user_id": "uid",
        "answer_text": "текст",
        "user_email": "user[email]",
        "event_date": "when",
    }
    how = door.add_source("mapped", field_map=json.dumps(field_map))
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
            response = door.call("GET", query=urlencode(fields), **how)
        else:
            response = getattr(door, send)(fields, **how)
        assert response.json() == STORED, send
        event = door.event(answer_id)
        assert (event["answer_text"], event["user_email"]) == (canaries.ANSWER, canaries.EMAIL)
        assert (event["user_id"], event["answer_status"]) == ("512000001", "new")
        assert event["event_date"] == datetime(2026, 3, 2, 11, 36, tzinfo=UTC)


def test_a_field_map_that_a_person_spoilt_by_hand_loses_no_delivery(door: Door) -> None:
    field_map = {"answer_text": ["answer", "text"], "answer_id": None, "user_email": {"a": 1}, "answer_status": 5}
    response = door.json(answer(new_id()), **door.add_source("spoilt", field_map=json.dumps(field_map)))
    assert response.status_code == 200
    assert sum(response.json().values()) == 1


@pytest.mark.parametrize("shape", ["get_query", "post_form", "post_json"])
def test_a_placeholder_that_was_not_filled_in_leaves_an_optional_field_empty(door: Door, shape: str) -> None:
    answer_id = new_id()
    fields = answer(
        answer_id,
        user_email="{object.user.email}",
        answer_lesson_id=" {object.lesson} ",
        event_date="{object.created_at}",
    )
    assert SHAPES[shape](door, fields).json() == STORED
    event = door.event(answer_id)
    assert event["user_email"] is None
    assert event["answer_lesson_id"] is None
    assert abs((event["event_date"] - event["created_at"]).total_seconds()) < 60
    assert event["raw_payload"]["user_email"] == "{object.user.email}"


@pytest.mark.parametrize("field", ["answer_id", "user_id"])
@pytest.mark.parametrize("shape", ["get_query", "post_form", "post_json"])
def test_a_placeholder_in_a_required_field_is_kept_with_its_reason(door: Door, field: str, shape: str) -> None:
    fields = answer(new_id()) | {field: "{object.id}", "answer_text": f"{canaries.ANSWER} {new_id()}"}

    response = SHAPES[shape](door, fields)

    assert (response.status_code, response.json()) == (200, UNPARSED)
    row = door.unparsed(response)
    assert row["reason"] == f"unparsed: GetCourse did not fill in the placeholder of {field}"
    assert row["source"] == "school"
    assert row["bytes"] > 0
    assert canaries.SOURCE_SECRET.encode() not in row["query"] + row["body"]


@pytest.mark.parametrize("value", [None, "", "  ", [], {}, "missing"])
@pytest.mark.parametrize("field", ["answer_id", "user_id"])
def test_a_missing_required_field_is_kept_with_its_reason(door: Door, field: str, value: Any) -> None:
    fields = answer(new_id()) | {field: value, "answer_text": new_id()}
    if value == "missing":
        del fields[field]
    response = door.json(fields)
    assert (response.status_code, response.json()) == (200, UNPARSED)
    assert field in door.unparsed(response)["reason"]


@pytest.mark.parametrize(
    "field", ["user_id", "answer_id", "answer_training_id", "answer_lesson_id", "answer_teacher_id"]
)
def test_an_id_of_fifty_characters_fits_and_one_of_51_is_kept_with_its_reason(door: Door, field: str) -> None:
    fits = answer(new_id()) | {field: new_id().rjust(50, "7")}
    assert door.json(fits).json() == STORED
    response = door.json(answer(new_id()) | {field: new_id().rjust(51, "7")})
    assert response.json() == UNPARSED
    assert door.unparsed(response)["reason"] == f"{field} is longer than 50 characters"


def test_names_and_statuses_that_are_too_long_are_cut_not_refused(door: Door) -> None:
    answer_id = new_id()
    long = "ж" * 300
    fields = dict.fromkeys(("user_email", "user_first_name", "user_last_name", "answer_status", "answer_type"), long)
    assert door.json(answer(answer_id, **fields)).json() == STORED
    event = door.event(answer_id)
    assert (len(event["user_first_name"]), len(event["answer_status"])) == (255, 50)
    assert event["raw_payload"]["user_email"] == long


# Body and query together --------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["json", "form"])
def test_the_body_wins_over_the_query_and_the_query_fills_in_the_rest(door: Door, how: str) -> None:
    answer_id = new_id()
    fields = {"answer_id": answer_id, "answer_text": canaries.ANSWER}
    response = getattr(door, how)(fields, query="user_id=512000001&answer_text=other&answer_status=new&utm=1")
    assert response.json() == STORED
    event = door.event(answer_id)
    assert (event["answer_text"], event["user_id"], event["answer_status"]) == (canaries.ANSWER, "512000001", "new")


@pytest.mark.parametrize("body", ["form", "json", "list"])
def test_what_postgres_cannot_hold_is_replaced_in_the_query_too(door: Door, body: str) -> None:
    answer_id = new_id()
    fields: Any = {"answer_id": answer_id, "user_id": "5"}
    how = "form" if body == "form" else "json"
    response = getattr(door, how)([fields] if body == "list" else fields, query="answer_text=a%00b%ED%A0%BDc")
    assert response.json() == STORED
    event = door.event(answer_id)
    assert event["answer_text"].startswith("a\ufffdb")
    assert event["sanitized"]
    assert b"a%00b" in event["raw_body"]


# What is no delivery at all -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", ""),
        (b"   ", "application/json"),
        (b"{", "application/json"),
        (b'{"a":1}{', ""),
        (b"null", "application/json"),
        (b'"text"', "application/json"),
        (b"[1,2", "text/plain"),
        (b"<xml/>", "text/xml"),
        (b"\xff\xfe\x00", "application/octet-stream"),
        (b"{\xff}", "application/json"),
        (b"&&&", ""),
        (b"=", ""),
        (b"hello", "text/plain"),
        (b"%", ""),
        (
            b'--x\r\nContent-Disposition: form-data; name="user_id"\r\n\r\n5\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
        (b"[[[1]]]", "application/json"),
        (b'{"answer": {}}', "application/json"),
        (b'{"answer": {"id": "\'\'"}}', "application/json"),
    ],
)
def test_what_cannot_be_understood_is_stored_with_its_reason_and_answered_200(
    door: Door, body: bytes, content_type: str
) -> None:
    response = door.call(content=body, headers={"content-type": content_type} if content_type else {})
    assert (response.status_code, response.json()) == (200, UNPARSED)
    query = "select reason, body from platform.inbox where body = %s"
    assert all(row["reason"] for row in door.connection.execute(query, (body,)).fetchall())
    assert door.connection.execute(query, (body,)).fetchone()


def test_the_same_riddle_is_kept_once(door: Door) -> None:
    body = {"riddle": new_id()}
    first, second = door.json(body), door.json(body)
    assert first.json() == second.json() == UNPARSED
    query = "select count(*) as n from platform.inbox where body = %s"
    [row] = door.connection.execute(query, (json.dumps(body).encode(),)).fetchall()
    assert row["n"] == 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "json",
                    "answer",
                    "eventType",
                    "ts64",
                    "id",
                    "user_id",
                    "answer_id",
                    "deal",
                    "dialog_id",
                    "event_id",
                    "type",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@thorough
@given(content=json_values)
def test_no_json_whatsoever_breaks_the_door(door: Door, content: Any) -> None:
    response = door.call(content=json.dumps(content).encode(), headers=JSON_TYPE)
    assert response.status_code in {200, 400}
    if response.status_code == 200:
        assert sum(response.json().values()) >= 1


@thorough
@given(body=st.binary(max_size=60), query=st.binary(max_size=30))
def test_no_bytes_whatsoever_break_the_door(door: Door, body: bytes, query: bytes) -> None:
    response = door.call(content=body, query=quote_plus(query))
    assert response.status_code in {200, 400}
