"""Bytes in another encoding, or in none: two answers stay two, and one stays one."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from functions.ingest_webhook.getcourse.natural_key import account_event_key, answer_key
from tests.functions.ingest_webhook.getcourse.world import DUPLICATE, JSON_TYPE, STORED, World, answer, new_id


def query(answer_id: str, text: bytes) -> str:
    return f"answer_id={answer_id}&user_id=5&answer_text={quote(text, safe='')}"


@pytest.mark.parametrize("how", ["query", "form"])
def test_windows_1251_is_read_and_is_the_same_answer_as_in_utf8(world: World, how: str) -> None:
    answer_id, text = new_id(), "Колокол готов, проверьте"
    fields = query(answer_id, text.encode("cp1251"))
    response = world.form(fields) if how == "form" else world.call("GET", query=fields)

    assert response.json() == STORED
    assert world.call("GET", query=query(answer_id, text.encode())).json() == DUPLICATE
    event = world.event(answer_id)
    assert (event["answer_text"], event["sanitized"], event["raw_body"]) == (text, False, fields.encode())


@pytest.mark.parametrize("encoding", ["koi8-r", "cp1252"])
def test_bytes_in_no_encoding_that_can_be_told_are_flagged_and_two_answers_stay_two(
    world: World, encoding: str
) -> None:
    answer_id = new_id()
    texts = [text.encode(encoding) for text in (("Привет", "Солнце") if encoding == "koi8-r" else ("Café", "Cafè"))]

    assert [world.call("GET", query=query(answer_id, text)).json() for text in [*texts, *texts]] == [
        STORED, STORED, DUPLICATE, DUPLICATE,
    ]  # fmt: skip
    for event, text in zip(world.events(answer_id), texts, strict=True):
        assert event["sanitized"]
        assert "\ufffd" in event["answer_text"]
        assert event["raw_body"] == query(answer_id, text).encode()


def test_halves_of_characters_and_nul_make_no_two_answers_one(world: World) -> None:
    answer_id = new_id()
    escapes = ["\\ud800", "\\ud801", "\\u0000", "\\ufffd"]
    bodies = [f'{{"answer_id":"{answer_id}","user_id":"5","answer_text":"a{escape}"}}'.encode() for escape in escapes]

    assert [world.call(content=body, headers=JSON_TYPE).json() for body in bodies] == [STORED] * 4
    assert [world.call(content=body, headers=JSON_TYPE).json() for body in bodies] == [DUPLICATE] * 4
    assert {event["answer_text"] for event in world.events(answer_id)} == {"a\ufffd"}


def test_two_account_events_that_differ_in_what_is_replaced_are_two(world: World) -> None:
    number = new_id()
    bodies = [
        f'{{"eventType":"getcourse/answerCommentCreated","comment":{{"id":"{number}","text":"{text}"}}}}'.encode()
        for text in ("\\ud800", "\\ud801")
    ]

    assert [world.call(content=body, headers=JSON_TYPE).json() for body in [*bodies, *bodies]] == [
        STORED, STORED, DUPLICATE, DUPLICATE,
    ]  # fmt: skip
    assert [event["sanitized"] for event in world.account_events(number)] == [True, True]


def test_what_a_column_has_no_room_for_is_cut_and_flagged(world: World) -> None:
    answer_id, number, long = new_id(), new_id(), "ж" * 300
    fields = dict.fromkeys(("user_email", "user_first_name", "user_last_name", "answer_type"), long)

    assert world.json(answer(answer_id, **fields)).json() == STORED
    event = world.event(answer_id)
    assert {event[name] for name in fields} == {"ж" * 254 + "…", "ж" * 49 + "…"}
    assert event["sanitized"]
    assert world.json({"eventType": f"getcourse/{long}", "deal": {"id": number}}).json() == STORED
    [event] = world.account_events(number)
    assert (event["event_types"], event["sanitized"]) == (["ж" * 49 + "…"], True)


OF_BEFORE: list[tuple[dict[str, Any], str]] = [
    (
        {"eventType": "getcourse/dealPaid", "deal": {"id": "5"}},
        "0b3d9545aaf9198a49999aac37348acfe239b4ef300be7d9d5792b137c73c95f",
    ),
    (
        {"dialog_id": 7, "event_id": 2, "text": "Привет 😀"},
        "6415d7c96acb381a0a55070486782f909d4e72d252183baa44edc6788ac818fc",
    ),
]


@pytest.mark.parametrize(("event", "key"), OF_BEFORE)
def test_the_key_of_an_account_event_that_nothing_was_replaced_in_is_what_it_was(
    event: dict[str, Any], key: str
) -> None:
    assert account_event_key(event) == key


@pytest.mark.parametrize("text", ["Готово,\r\n исправил", "\ufffd", "", None])
def test_an_answer_of_before_is_a_duplicate_of_itself(world: World, text: str | None) -> None:
    """As rows were written when there was no `answer_key`."""
    answer_id = new_id()
    fields = answer(answer_id, answer_text=text)
    assert answer_key([answer_id, "new", text], [answer_id, "new", text]) is None
    world.connection.execute(
        """insert into getcourse.webhook_events (source_id, event_date, user_id, answer_id, answer_status, answer_text)
           select id, now(), '512000001', %s, 'new', %s from platform.webhook_sources where name = 'school'""",
        (answer_id, text),
    )

    assert world.json(fields).json() == DUPLICATE


def test_the_bytes_of_a_list_are_kept_once(world: World) -> None:
    ids = [new_id() for _ in range(3)]
    body = json.dumps([answer(answer_id, answer_text="a\x00") for answer_id in ids]).encode()

    assert world.call(content=body, headers=JSON_TYPE).json()["stored"] == 3
    assert [world.event(answer_id)["raw_body"] for answer_id in ids] == [body, None, None]
    assert all(world.event(answer_id)["sanitized"] for answer_id in ids)
