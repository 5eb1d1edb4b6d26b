"""Every way in which GetCourse, its administrators and the n8n flow of before tell us something."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.functions.ingest_webhook.conftest import JSON_TYPE, Door, answer, new_id, subscription
from tests.support import arrange, canaries

STORED = {"stored": 1, "duplicates": 0, "unparsed": 0}
DUPLICATE = {"stored": 0, "duplicates": 1, "unparsed": 0}
UNPARSED = {"stored": 0, "duplicates": 0, "unparsed": 1}
MOMENT = datetime(2026, 3, 2, 11, 36, 58, tzinfo=UTC)

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
WRAPS: dict[str, Callable[[Any], Any]] = {
    "bare": lambda body: body,
    "envelope": lambda body: {"json": body},
    "list": lambda body: [body],
    "list_of_envelopes": lambda body: [{"json": body}],
}
LIST_WRAPS = {"bare": WRAPS["bare"], "envelope": WRAPS["envelope"], "list_of_envelopes": WRAPS["list_of_envelopes"]}
thorough = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_an_answer_becomes_the_same_event(door: Door, shape: str) -> None:
    answer_id = new_id()
    text = f"{canaries.ANSWER}: 100% «да» + нет & x=1; 5 < 7 😀\nвторая строка"

    response = SHAPES[shape](door, answer(answer_id, answer_text=text, user_first_name="Вера", user_last_name=canaries.STUDENT))

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


# What GetCourse does not escape ------------------------------------------------------------------------


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
    query = f"answer_id={answer_id}&user_id=512000001&answer_text=1%2B1+%3D+2%2C+100%25+%2541&user_email=a%2Bb%40example.com"
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


# The field map, and placeholders ---------------------------------------------------------------------------


def test_a_field_map_reads_the_names_that_an_administrator_typed(door: Door) -> None:
    field_map = {"answer_id": "aid", "user_id": "uid", "answer_text": "текст", "user_email": "user[email]", "event_date": "when"}
    how = door.add_source("mapped", field_map=json.dumps(field_map))
    for send in ("GET", "form", "json"):
        answer_id = new_id()
        fields = {
            "when": "02.03.2026 14:36", "uid": "512000001", "aid": answer_id, "текст": canaries.ANSWER,
            "user[email]": canaries.EMAIL, "answer_text": "не то поле", "answer_status": "new",
        }  # fmt: skip
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
    fields = answer(answer_id, user_email="{object.user.email}", answer_lesson_id=" {object.lesson} ", event_date="{object.created_at}")
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


@pytest.mark.parametrize("field", ["user_id", "answer_id", "answer_training_id", "answer_lesson_id", "answer_teacher_id"])
def test_an_id_of_fifty_characters_fits_and_one_of_51_is_kept_with_its_reason(door: Door, field: str) -> None:
    fits = answer(new_id()) | {field: new_id().rjust(50, "7")}
    assert door.json(fits).json() == STORED
    response = door.json(answer(new_id()) | {field: new_id().rjust(51, "7")})
    assert response.json() == UNPARSED
    assert door.unparsed(response)["reason"] == f"{field} is longer than 50 characters"


def test_names_and_statuses_that_are_too_long_are_cut_not_refused(door: Door) -> None:
    answer_id = new_id()
    long = "ж" * 300
    fields = {name: long for name in ("user_email", "user_first_name", "user_last_name", "answer_status", "answer_type")}
    assert door.json(answer(answer_id, **fields)).json() == STORED
    event = door.event(answer_id)
    assert (len(event["user_first_name"]), len(event["answer_status"])) == (255, 50)
    assert event["raw_payload"]["user_email"] == long


# GetCourse's own subscription -----------------------------------------------------------------------------


@pytest.mark.parametrize("wrap", WRAPS.values(), ids=WRAPS)
def test_a_subscription_is_read_however_it_is_wrapped(door: Door, wrap: Callable[[Any], Any]) -> None:
    answer_id = new_id()

    response = door.json(wrap(subscription(answer_id, user_id=512999999)))

    assert response.json() == STORED
    event = door.event(answer_id)
    assert event["event_date"] == MOMENT  # ts64; `ts` would be three hours later
    assert (event["user_id"], event["user_email"]) == ("512999999", None)
    assert (event["answer_training_id"], event["answer_lesson_id"]) == ("911000001", "334000001")
    assert (event["answer_type"], event["answer_status"]) == ("mission_answer", "new")
    assert (event["answer_text"], event["answer_teacher_id"]) == (canaries.ANSWER, None)
    assert event["raw_payload"]["answer"]["id"] == f"'{answer_id}'"
    assert event["raw_payload"]["gcAccountId"] == 77001


def test_an_envelope_is_opened_although_the_address_has_parameters_of_its_own(door: Door) -> None:
    answer_id = new_id()
    assert door.json({"json": subscription(answer_id)}, query="school=north").json() == STORED
    assert door.event(answer_id)["answer_text"] == canaries.ANSWER


def test_a_key_called_json_among_others_is_no_envelope(door: Door) -> None:
    answer_id = new_id()
    assert door.json(answer(answer_id, json={"answer_id": "1"})).json() == STORED


@pytest.mark.parametrize("wrap", LIST_WRAPS.values(), ids=LIST_WRAPS)
def test_every_delivery_of_a_list_is_stored(door: Door, wrap: Callable[[Any], Any]) -> None:
    ids = [new_id() for _ in range(3)]
    response = door.json(wrap([subscription(ids[0]), answer(ids[1]), {"json": subscription(ids[2])}]))
    assert response.json() == {"stored": 3, "duplicates": 0, "unparsed": 0}
    assert [len(door.events(one)) for one in ids] == [1, 1, 1]


def test_one_bad_delivery_of_a_list_is_kept_and_costs_the_others_nothing(door: Door) -> None:
    ids = [new_id(), new_id()]
    response = door.json([answer(ids[0]), {"hello": new_id()}, "text", 5, None, answer(ids[1])])
    assert response.json() == {"stored": 2, "duplicates": 0, "unparsed": 4}
    assert [len(door.events(one)) for one in ids] == [1, 1]
    assert door.unparsed(response)["body"].startswith(b"[{")


@pytest.mark.parametrize("content", [[], {"json": []}, [1] * 101])
def test_a_list_of_nothing_or_of_too_much_is_kept_with_its_reason(door: Door, content: Any) -> None:
    response = door.json(content)
    assert response.json() == UNPARSED
    assert "list" in door.unparsed(response)["reason"]


@pytest.mark.parametrize("fields", [
    {"questionary": {"status": "complete", "points_sum": 8, "answers_count": 10}},
    {"questionary": []},
    {"questionary": None, "additional_fields": None},
    {"additional_fields": [{"id": 1, "title": "Город", "required": True, "value": "Тверь"}, {"id": 2, "required": "1", "value": None}]},
    {"lesson_teacher_id": 498000001, "training_id": None},
    {"deleted": 1, "deleted_at": "2026-03-03T00:00:00Z"},
])  # fmt: skip
def test_the_changing_types_of_a_subscription_do_not_matter(door: Door, fields: dict[str, Any]) -> None:
    answer_id = new_id()
    assert door.json(subscription(answer_id, **fields)).json() == STORED
    assert door.event(answer_id)["raw_payload"]["answer"].items() >= fields.items()


@pytest.mark.parametrize("quoted", ["{}", "'{}'", '"{}"', " '{}' "])
def test_a_quoted_answer_id_is_the_same_answer(door: Door, quoted: str) -> None:
    answer_id = new_id()
    assert door.json(answer(answer_id)).json() == STORED
    assert door.json(subscription(answer_id, id=quoted.format(answer_id))).json() == DUPLICATE


def test_an_answer_without_an_email_gets_that_of_the_student_valid_at_its_time(door: Door) -> None:
    for email, since, until in (
        ("vera.before@example.com", "2020-01-01 00:00+00", "2026-03-02 11:36:58+00"),
        (canaries.EMAIL, "2026-03-02 11:36:58+00", "2026-03-05 00:00+00"),
        ("vera.after@example.com", "2026-03-05 00:00+00", None),
    ):
        door.connection.execute(
            "insert into getcourse.students (getcourse_id, email, valid_from, valid_to) values (%s, %s, %s, coalesce(%s, '9999-12-31')::timestamptz)",
            ("512777001", email, since, until),
        )
    found = {}
    for ts64 in (1772451417, 1772451418, 1772600000, 1772900000):
        answer_id = new_id()
        door.json(subscription(answer_id, user_id=512777001) | {"ts64": ts64})
        found[ts64] = door.event(answer_id)["user_email"]
    assert found == {
        1772451417: "vera.before@example.com",
        1772451418: canaries.EMAIL,  # the very second of the change
        1772600000: canaries.EMAIL,
        1772900000: "vera.after@example.com",
    }


def test_an_email_that_was_sent_is_not_replaced_and_an_unknown_student_stays_without(door: Door) -> None:
    arrange.student(door.connection, getcourse_id="512777002", email="known@example.com")
    sent, unknown = new_id(), new_id()
    door.json(answer(sent, user_id="512777002", user_email="typed@example.com"))
    door.json(subscription(unknown, user_id=512777003))
    assert door.event(sent)["user_email"] == "typed@example.com"
    assert door.event(unknown)["user_email"] is None


# Comments, orders, dialogs, calls -------------------------------------------------------------------------------


def comment(comment_id: str) -> dict[str, Any]:
    """A comment on an answer; `files` is a string that holds JSON."""
    return {
        "ts": "2026-03-02T14:36:58Z", "ts64": 1772451418, "eventType": "getcourse/answerCommentCreated", "gcAccountId": 77001,
        "comment": {"id": comment_id, "answer_id": 1, "comment_text": canaries.ANSWER, "files": "{\"files\":[]}"},
    }  # fmt: skip


def deal(deal_id: str, event_type: str = "dealPaid", **fields: Any) -> dict[str, Any]:
    """An order."""
    return {
        "ts": "2026-03-02T14:36:58Z", "ts64": 1772451418, "eventType": f"getcourse/{event_type}", "gcAccountId": 77001,
        "user": {"id": "77001:512000001", "gcId": 512000001, "email": canaries.EMAIL}, "gcVisitorId": None,
        "deal": {
            "id": deal_id, "number": 11000001, "cost": 4900, "status": "payed", "isPayed": True, "payedValue": 4881.16,
            "offerIds": [8600001], "clientDealNumber": "0", **fields,
        },
    }  # fmt: skip


def test_a_comment_is_an_account_event(door: Door) -> None:
    comment_id = new_id()
    assert door.json(comment(comment_id)).json() == STORED
    assert door.json({"json": comment(comment_id)}).json() == DUPLICATE
    [row] = door.account_events(comment_id)
    assert (row["event_types"], row["event_date"]) == (["answerCommentCreated"], MOMENT)
    assert row["raw_payload"]["comment"]["comment_text"] == canaries.ANSWER


@pytest.mark.parametrize("event_id", [1, 2, 3, 4])
def test_a_dialog_is_an_account_event_in_local_time(door: Door, event_id: int) -> None:
    dialog_id = new_id()
    body = {"event_id": event_id, "dialog_id": int(dialog_id), "created_at": "2026-03-02 14:36:58", "text": canaries.ANSWER}
    assert door.json(body).json() == STORED
    [row] = door.account_events(dialog_id)
    assert (row["event_types"], row["event_date"]) == ([f"dialog{event_id}"], MOMENT)


def test_a_call_is_an_account_event(door: Door) -> None:
    call_id = new_id()
    assert door.json({"type": "call", "id": int(call_id), "created_at": 1772451418, "duration": 65}).json() == STORED
    [row] = door.account_events(call_id)
    assert (row["event_types"], row["event_date"]) == (["call"], MOMENT)


@pytest.mark.parametrize("fields", [
    {"status": "false", "isPayed": 0, "cost": 0, "clientDealNumber": 0}, {"status": "part_payed", "payedValue": 1181.16},
    {"isPayed": False, "offerIds": []}, {"id": None}, {"id": "9" * 80},
])  # fmt: skip
def test_the_changing_types_of_an_order_do_not_matter(door: Door, fields: dict[str, Any]) -> None:
    response = door.json(deal(new_id(), "dealStatusChanged", **fields))
    assert response.json() == STORED


@pytest.mark.parametrize("order", [("dealPaid", "dealStatusChanged"), ("dealStatusChanged", "dealPaid")])
@pytest.mark.parametrize("together", [False, True])
def test_the_twins_of_a_paid_order_are_one_row_with_both_names(door: Door, order: tuple[str, str], *, together: bool) -> None:
    deal_id = new_id()
    twins = [deal(deal_id, name) for name in order]
    answers = [door.json(twins)] if together else [door.json(one) for one in twins]
    assert sum(one.json()["stored"] for one in answers) == 1
    [row] = door.account_events(deal_id)
    assert sorted(row["event_types"]) == ["dealPaid", "dealStatusChanged"]


@pytest.mark.xfail(reason="store_account_events: array_agg and || repeat a type that came twice", strict=True)
def test_a_repeated_account_event_names_each_type_once(door: Door) -> None:
    deal_id = new_id()
    door.json([deal(deal_id), deal(deal_id)])
    door.json([deal(deal_id), deal(deal_id, "dealStatusChanged")])
    [row] = door.account_events(deal_id)
    assert sorted(row["event_types"]) == ["dealPaid", "dealStatusChanged"]


def test_an_order_that_changed_again_is_another_row(door: Door) -> None:
    deal_id = new_id()
    door.json(deal(deal_id, "dealStatusChanged", status="payment_waiting"))
    door.json(deal(deal_id, "dealStatusChanged", status="payed"))
    assert len(door.account_events(deal_id)) == 2


def test_an_unheard_of_event_is_kept_under_its_own_name(door: Door) -> None:
    event_id = new_id()
    assert door.json({"eventType": "getcourse/somethingNew", "id": event_id, "ts64": 1772451418}).json() == STORED
    assert door.account_events(event_id)[0]["event_types"] == ["somethingNew"]


# Body and query together --------------------------------------------------------------------------------------------


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


# Dates -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("written", "meant"), [
    ("2026-03-02 14:36:58", MOMENT),
    ("2026-03-02T14:36:58", MOMENT),
    ("2026-03-02T11:36:58Z", MOMENT),
    ("2026-03-02T11:36:58.000Z", MOMENT),
    ("2026-03-02T14:36:58+03:00", MOMENT),
    ("2026-03-02T14:36:58+0300", MOMENT),
    ("2026-03-02 14:36:58+03", MOMENT),
    ("2026-03-02 18:36:58.000 +0700", MOMENT),
    ("2026-03-02T01:36:58-10:00", MOMENT),
    ("02.03.2026 14:36:58", MOMENT),
    ("02.03.2026 14:36", MOMENT.replace(second=0)),
    ("02.03.2026, 14:36:58", MOMENT),
    ("02.03.2026", datetime(2026, 3, 1, 21, tzinfo=UTC)),
    ("2026-03-02", datetime(2026, 3, 1, 21, tzinfo=UTC)),
    (" 2026-03-02 14:36 ", MOMENT.replace(second=0)),
    ("1772451418", MOMENT),
    (1772451418, MOMENT),
    (1772451418.0, MOMENT),
    (1772451418000, MOMENT),
    ("1772451418000", MOMENT),
])  # fmt: skip
def test_a_date_is_understood_in_every_spelling(door: Door, written: Any, meant: datetime) -> None:
    answer_id = new_id()
    assert door.json(answer(answer_id, event_date=written)).json() == STORED
    assert door.event(answer_id)["event_date"] == meant


def test_an_offset_whose_plus_was_not_escaped_is_still_an_offset(door: Door) -> None:
    answer_id = new_id()
    assert door.call("GET", query=f"answer_id={answer_id}&user_id=5&event_date=2026-03-02T18:36:58+07:00").json() == STORED
    assert door.event(answer_id)["event_date"] == MOMENT


@pytest.mark.parametrize("written", [
    "вчера", "", None, "0000-00-00 00:00:00", "2026-13-45", "9999-12-31 23:59:59", "0001-01-01", "1970-01-01", 0, -1, 1e300,
    10**40, True, [], {"date": 1}, "١٢٣٤٥", "9" * 400, "2026-03-02T14:36:58+99:99", "²", "NaN", "1e999",
])  # fmt: skip
def test_nonsense_in_place_of_a_date_means_the_time_of_arrival(door: Door, written: Any) -> None:
    answer_id = new_id()
    assert door.json(answer(answer_id, event_date=written)).json() == STORED
    event = door.event(answer_id)
    assert abs((event["event_date"] - event["created_at"]).total_seconds()) < 60


@pytest.mark.parametrize(("zone", "meant"), [
    ("Asia/Vladivostok", datetime(2026, 3, 2, 4, 36, 58, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 2, 19, 36, 58, tzinfo=UTC)),
    ("UTC", datetime(2026, 3, 2, 14, 36, 58, tzinfo=UTC)),
])  # fmt: skip
def test_a_date_without_an_offset_is_local_to_the_source(door: Door, zone: str, meant: datetime) -> None:
    answer_id = new_id()
    door.json(answer(answer_id), **door.add_source(zone.lower().replace("/", "-"), timezone=zone))
    assert door.event(answer_id)["event_date"] == meant


@pytest.mark.parametrize("zone", ["Moscow", "", "../etc/passwd", "Europe/Москва"])
def test_a_zone_that_a_person_mistyped_by_hand_loses_no_delivery(door: Door, zone: str) -> None:
    answer_id = new_id()
    response = door.json(answer(answer_id), **door.add_source(f"zone{answer_id}", timezone=zone))
    assert (response.status_code, response.json()) == (200, STORED)


@thorough
@given(value=st.one_of(st.text(max_size=40), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.datetimes().map(str)))
def test_no_date_whatsoever_breaks_the_door(door: Door, value: Any) -> None:
    answer_id = new_id()
    assert door.json(answer(answer_id, event_date=value)).json() == STORED


# What is no delivery at all --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("body", "content_type"), [
    (b"", ""), (b"   ", "application/json"), (b"{", "application/json"), (b'{"a":1}{', ""), (b"null", "application/json"),
    (b'"text"', "application/json"), (b"[1,2", "text/plain"), (b"<xml/>", "text/xml"), (b"\xff\xfe\x00", "application/octet-stream"),
    (b"{\xff}", "application/json"), (b"&&&", ""), (b"=", ""), (b"hello", "text/plain"), (b"%", ""),
    (b'--x\r\nContent-Disposition: form-data; name="user_id"\r\n\r\n5\r\n--x--\r\n', "multipart/form-data; boundary=x"),
    (b"[[[1]]]", "application/json"), (b'{"answer": {}}', "application/json"), (b'{"answer": {"id": "\'\'"}}', "application/json"),
])  # fmt: skip
def test_what_cannot_be_understood_is_stored_with_its_reason_and_answered_200(door: Door, body: bytes, content_type: str) -> None:
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
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["json", "answer", "eventType", "ts64", "id", "user_id", "answer_id", "deal", "dialog_id", "event_id", "type"]),
        inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


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
