"""The Ingest table of the catalogue of faults: hostile bytes, strangers, crowds, poison, a database that is away."""

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.functions.ingest_webhook.conftest import (
    DUPLICATE,
    JSON_TYPE,
    MOST_BYTES,
    STORED,
    Door,
    answer,
    at_once,
    new_id,
    subscription,
)
from tests.support import canaries

# The same thing again (I1, I20) -------------------------------------------------------------------


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


# Hostile bytes (I4 to I12) ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b'{"answer_id":"@","user_id":"5","answer_text":"a\\u0000b"}',
        b'{"answer_id":"@","user_id":"5","answer_text":"a\\ud83db"}',
        b'{"answer_id":"@","user_id":"5","answer_text":"a\\udc00b"}',
        b'{"answer_id":"@","user_id":"5","answer_text":"a\xed\xa0\xbdb"}',
        b'{"answer":{"id":"@","user_id":5,"text":"a\\ud800b"},"eventType":"getcourse/lessonAnswerCreated"}',
    ],
    ids=["nul", "high_surrogate", "low_surrogate", "surrogate_in_bytes", "subscription"],
)
def test_i4_i5_what_postgres_cannot_hold_is_replaced_and_the_bytes_are_kept(door: Door, body: bytes) -> None:
    answer_id = new_id()
    body = body.replace(b"@", answer_id.encode())
    response = door.call(content=body, headers=JSON_TYPE)
    assert (response.status_code, response.json()) == (200, STORED)
    event = door.event(answer_id)
    assert event["answer_text"] == "a\ufffdb"
    assert event["sanitized"]
    assert event["raw_body"] == body


@pytest.mark.parametrize("name", ["\\u0000", "\\ud83d", "x\\u0000y"])
def test_i4_i5_in_the_name_of_a_field_too(door: Door, name: str) -> None:
    answer_id = new_id()
    body = f'{{"answer_id":"{answer_id}","user_id":"5","{name}":{{"{name}":["{name}"]}}}}'.encode()
    assert door.call(content=body, headers=JSON_TYPE).json() == STORED
    assert door.event(answer_id)["sanitized"]


@pytest.mark.parametrize("text", ["a%00b", "a\x00b", "a%ED%A0%BDb"])
@pytest.mark.parametrize("where", ["query", "form"])
def test_i4_i5_in_queries_and_forms_too(door: Door, where: str, text: str) -> None:
    answer_id = new_id()
    fields = f"answer_id={answer_id}&user_id=5&answer_text={text}"
    response = door.form(fields) if where == "form" else door.call("GET", query=fields.replace("\x00", "%00"))
    assert response.json() == STORED
    stored = door.event(answer_id)["answer_text"]
    assert stored.startswith("a\ufffd")
    assert stored.endswith("b")


def test_whole_pairs_of_surrogates_are_letters_like_any_other(door: Door) -> None:
    answer_id = new_id()
    body = f'{{"answer_id":"{answer_id}","user_id":"5","answer_text":"\\ud83d\\ude00 한글"}}'.encode()
    assert door.call(content=body, headers=JSON_TYPE).json() == STORED
    event = door.event(answer_id)
    assert event["answer_text"] == "😀 한글"
    assert not event["sanitized"]


def test_i7_of_two_fields_with_one_name_the_last_wins_everywhere_and_the_bytes_are_kept(door: Door) -> None:
    answer_id = new_id()
    body = f'{{"answer_id":"1","user_id":1,"answer_text":"a","answer_id":"{answer_id}","user_id":2}}'.encode()
    assert door.call(content=body, headers=JSON_TYPE).json() == STORED
    event = door.event(answer_id)
    assert (event["user_id"], event["raw_payload"]["user_id"]) == ("2", 2)
    assert event["raw_body"] == body
    second = new_id()
    assert door.form(f"answer_id=1&user_id=1&answer_id={second}&user_id=2").json() == STORED
    assert door.event(second)["user_id"] == "2"


@pytest.mark.parametrize(
    "number",
    [
        str(2**63),
        str(-(2**63)),
        "7" * 400,
        "7" * 5000,
        "1e400",
        "-1e999",
        "NaN",
        "Infinity",
        "-Infinity",
    ],
    ids=["2^63", "-2^63", "400_digits", "5000_digits", "1e400", "-1e999", "nan", "infinity", "-infinity"],
)
def test_i9_an_absurd_number_is_400_and_kept(door: Door, number: str) -> None:
    body = f'{{"answer_id":"{new_id()}","user_id":{number}}}'.encode()
    response = door.call(content=body, headers=JSON_TYPE)
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    assert set(response.json()) == {"type", "title", "status", "detail"}
    assert number not in response.text
    assert door.unparsed(response)["body"] == body


@pytest.mark.parametrize("number", [str(2**63), "7" * 400, "1e300", "-0.0", "1e-400", "0.1e-5"])
def test_i9_in_a_field_that_nobody_reads_a_big_number_is_only_kept(door: Door, number: str) -> None:
    answer_id = new_id()
    body = f'{{"answer_id":"{answer_id}","user_id":5,"cost":{number}}}'.encode()
    assert door.call(content=body, headers=JSON_TYPE).json() == STORED


def test_the_biggest_id_that_fits_is_an_id(door: Door) -> None:
    answer_id = new_id()
    assert door.json(answer(answer_id, user_id=2**63 - 1)).json() == STORED
    assert door.event(answer_id)["user_id"] == str(2**63 - 1)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"json":' * 25_000 + b"1" + b"}" * 25_000,
        b"[" * 65 + b"]" * 65,
        b'{"a":' * 70 + b"1" + b"}" * 70,
    ],
    ids=["unclosed", "lists", "envelopes", "just_too_deep", "objects"],
)
def test_i10_bottomless_nesting_is_400_and_kept(door: Door, body: bytes) -> None:
    response = door.call(content=body, headers=JSON_TYPE)
    assert (response.status_code, response.json()["detail"]) == (400, "the body is nested too deeply")
    assert door.unparsed(response)["body"] == body


def test_i10_many_brackets_side_by_side_are_not_deep(door: Door) -> None:
    answer_id = new_id()
    assert door.json(answer(answer_id, questionary=[[{}] for _ in range(5000)], answer_text="[" * 500)).json() == STORED


def chunks(size: int) -> Iterator[bytes]:
    """`size` bytes without a Content-Length."""
    for _ in range(size // 50_000):
        yield b"x" * 50_000


@pytest.mark.parametrize(
    "content",
    [
        b"x" * (MOST_BYTES + 1),
        b"x" * 1_000_000,
        b"x" * 40_000_000,
        lambda: chunks(1_000_000),
        lambda: chunks(40_000_000),
    ],
    ids=["just_over", "1_MB", "40_MB", "1_MB_chunked", "40_MB_chunked"],
)
def test_i11_a_body_over_the_limit_is_413_and_leaves_nothing(door: Door, content: Any) -> None:
    before = door.count("platform.inbox")
    try:
        response = door.call(content=content() if callable(content) else content)
    except (httpx.WriteError, httpx.ReadError):  # the answer came before the body had gone out, and the line was cut
        pass
    else:
        assert response.status_code == 413
        assert response.headers["content-type"] == "application/problem+json"
        assert str(MOST_BYTES) in response.json()["detail"]
    assert door.count("platform.inbox") == before
    assert door.json(answer(new_id())).json() == STORED


@pytest.mark.parametrize("chunked", [False, True])
def test_i11_a_body_of_just_the_limit_is_read(door: Door, *, chunked: bool) -> None:
    answer_id = new_id()
    payload = answer(answer_id, answer_text="")
    payload["answer_text"] = "я" * ((MOST_BYTES - len(json.dumps(payload, ensure_ascii=False).encode())) // 2)
    body = json.dumps(payload, ensure_ascii=False).encode()
    assert MOST_BYTES - 1 <= len(body) <= MOST_BYTES
    content = iter([body[:1000], body[1000:]]) if chunked else body
    assert door.call(content=content, headers=JSON_TYPE).json() == STORED
    assert door.event(answer_id)["answer_text"] == payload["answer_text"]


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "deflate", "br", "identity, gzip", "x"])
def test_i12_a_compressed_body_is_415(door: Door, encoding: str) -> None:
    bomb = gzip.compress(b"0" * 10_000_000)
    response = door.call(content=bomb, headers={**JSON_TYPE, "content-encoding": encoding})
    assert response.status_code == 415
    assert response.headers["content-type"] == "application/problem+json"


def test_i12_identity_is_no_compression(door: Door) -> None:
    response = door.call(
        content=json.dumps(answer(new_id())).encode(), headers={**JSON_TYPE, "content-encoding": "Identity"}
    )
    assert response.json() == STORED


# Poison -------------------------------------------------------------------------------------------


@pytest.fixture
def poison(door: Door) -> Iterator[None]:
    """A database that cannot bear answers whose id begins with "poison", and says why in personal words."""
    door.connection.execute("""
        create function getcourse.spit() returns trigger language plpgsql as $$
        begin
            if new.answer_id like 'poison%' then
                raise exception 'cannot bear %', new.answer_text
                    using detail = new.user_email, hint = new.user_last_name;
            end if;
            return new;
        end $$;
        create trigger spit before insert on getcourse.webhook_events for each row execute function getcourse.spit()
    """)
    yield
    door.connection.execute("drop trigger spit on getcourse.webhook_events; drop function getcourse.spit")


@pytest.mark.usefixtures("poison")
async def test_one_poison_row_never_costs_its_neighbours(door: Door) -> None:
    good = [new_id() for _ in range(60)]
    ids = [f"poison-{new_id()}" if n % 10 == 5 else good[n] for n in range(60)]

    responses = await at_once(door.served.url, [answer(one) for one in ids])

    for answer_id, response in zip(ids, responses, strict=True):
        poisonous = answer_id.startswith("poison")
        assert response.status_code == (500 if poisonous else 200)
        assert len(door.events(answer_id)) == (0 if poisonous else 1)


async def test_nor_does_one_whose_error_postgres_calls_operational(door: Door) -> None:
    door.connection.execute("""
        create function getcourse.gag() returns trigger language plpgsql as $$
        begin
            if new.answer_id like 'gag%' then
                raise exception 'too much' using errcode = 'program_limit_exceeded';
            end if;
            return new;
        end $$;
        create trigger gag before insert on getcourse.webhook_events for each row execute function getcourse.gag()
    """)
    ids = [f"gag-{new_id()}" if n % 10 == 5 else new_id() for n in range(60)]
    try:
        responses = await at_once(door.served.url, [answer(one) for one in ids])
    finally:
        door.connection.execute("drop trigger gag on getcourse.webhook_events; drop function getcourse.gag")
    lost = [one for one, response in zip(ids, responses, strict=True) if response.status_code != 200]
    assert lost == [one for one in ids if one.startswith("gag")]


@pytest.mark.usefixtures("poison")
def test_i25_what_postgres_says_of_a_row_reaches_neither_the_answer_nor_the_log(door: Door) -> None:
    person = answer(f"poison-{new_id()}", user_first_name="Вера", user_last_name=canaries.STUDENT)
    response = door.json(person)
    assert response.status_code == 500
    printed = door.served.output.read_text()
    assert response.headers["x-correlation-id"] in printed
    for word in (canaries.ANSWER, canaries.EMAIL, canaries.STUDENT, canaries.SOURCE_SECRET, "cannot bear"):
        assert word not in response.text
        assert word not in printed


def test_i25_nor_does_a_failing_row(door: Door) -> None:
    door.connection.execute(
        "alter table getcourse.webhook_events add constraint no_fives check (user_id <> '55555') not valid"
    )
    try:
        response = door.json(answer(new_id(), user_id="55555"))
    finally:
        door.connection.execute("alter table getcourse.webhook_events drop constraint no_fives")
    assert response.status_code == 500
    printed = door.served.output.read_text()
    for word in ("Failing row", canaries.ANSWER, canaries.EMAIL):
        assert word not in response.text
        assert word not in printed


def test_i25_a_crash_is_logged_with_its_class_and_place_and_the_id_that_the_caller_got(door: Door) -> None:
    door.connection.execute(
        "alter table getcourse.webhook_events add constraint no_sixes check (user_id <> '66666') not valid"
    )
    try:
        response = door.json(answer(new_id(), user_id="66666"))
    finally:
        door.connection.execute("alter table getcourse.webhook_events drop constraint no_sixes")
    lines = [json.loads(line) for line in door.served.output.read_text().splitlines() if line.startswith("{")]
    [line] = [one for one in lines if one["correlation_id"] == response.headers["x-correlation-id"]]
    assert (line["level"], line["event"], line["function"]) == ("ERROR", "crashed", "ingest_webhook")
    assert line["error"].startswith("CheckViolation at ")


def test_a_stored_webhook_is_one_line_of_the_log_with_numbers_only(door: Door) -> None:
    response = door.json(subscription(new_id()))
    line = json.loads(door.served.output.read_text().splitlines()[-1])
    assert line["correlation_id"] == response.headers["x-correlation-id"]
    assert {key: line[key] for key in ("event", "source", *STORED)} == {
        "event": "webhook_stored",
        "source": "school",
        **STORED,
    }
