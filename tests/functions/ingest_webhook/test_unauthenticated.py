"""Who may come in: strangers, rotation, methods and paths."""

import json
import time
from collections import Counter
from typing import Any

import pytest

from shared.credentials import secrets
from tests.functions.ingest_webhook.conftest import JSON_TYPE, MOST_BYTES, STORED, Door, answer, new_id
from tests.helpers import canaries


@pytest.fixture(scope="module")
def other_secret(door: Door) -> str:
    """The secret of another source."""
    return str(door.add_source("other")["secret"])


def test_i17_all_strangers_get_one_answer_and_leave_no_row(door: Door, other_secret: str) -> None:
    good = canaries.SOURCE_SECRET
    offered: list[dict[str, Any]] = [
        {"secret": "wrong"},
        {"secret": None},
        {"secret": ""},
        {"secret": "секрет"},
        {"secret": other_secret},
        {"secret": good[:-1]},
        {"secret": good + "x"},
        {"secret": f" {good}"},
        {"secret": "\x00"},
        {"secret": "x" * 10_000},
        {"secret": None, "query": "secret=%ff%fe"},
        {"secret": None, "query": "secret"},
        {"secret": None, "query": f"SECRET={good}"},
        {"secret": None, "headers": {"x-webhook-secret": "секрет".encode()}},
        {"secret": None, "headers": {"x-webhook-secret": b"\xff\x80"}},
        {"headers": {"x-webhook-secret": "wrong"}},  # the header goes before the query
        {"secret": None, "headers": {"authorization": f"Bearer {good}"}},
        {"path": "/getcourse/unknown"},
        {"path": "/getcourse/unknown", "secret": "wrong"},
        {"path": "/getcourse/"},
        {"path": "/"},
        {"path": "/getcourse"},
        {"path": "/getcourse/school/more"},
        {"path": "/getcourse/School"},
        {"path": "/getcourse/%00"},
        {"path": "/whatsapp/school"},
        {"path": "/getcourse/школа"},
        {"path": "/getcourse/" + "x" * 5000},
        {"path": "/school"},
        {"path": "/getcourse/../getcourse/unknown"},
        {"path": "/getcourse/school%2Fmore"},
    ]
    tables = ("platform.inbox", "getcourse.webhook_events", "getcourse.account_events")
    before = [door.count(table) for table in tables]

    answers = [door.call(**{"content": b"{}", **how}) for how in offered]
    answers += [door.call(method, secret="wrong") for method in ("GET", "PUT", "DELETE", "PATCH", "OPTIONS")]

    told = {(one.status_code, one.content, tuple(sorted(set(one.headers) - {"date"}))) for one in answers}
    assert len(told) == 1, Counter((one.status_code, one.content) for one in answers)
    assert answers[0].status_code == 404
    assert canaries.SOURCE_SECRET not in answers[0].text
    assert [door.count(table) for table in tables] == before


def test_i17_a_stranger_is_counted_in_the_log_without_what_they_said(door: Door) -> None:
    before = door.served.output.read_text().count('"stranger"')
    door.call(
        secret="abrakadabra-1", query="abrakadabra-2=1", content=b"abrakadabra-3", path="/getcourse/abrakadabra-4"
    )
    printed = door.served.output.read_text()
    assert printed.count('"stranger"') == before + 1
    assert "abrakadabra" not in printed


def test_i17_a_strangers_big_body_is_not_even_read(door: Door) -> None:
    assert door.call(secret="wrong", content=b"x" * (MOST_BYTES + 1)).status_code == 404


def test_i17_an_unknown_source_takes_about_as_long_as_a_wrong_secret(door: Door) -> None:
    took: dict[str, list[float]] = {"/getcourse/school": [], "/getcourse/unknown": []}
    for _ in range(60):
        for path, times in took.items():
            started = time.perf_counter()
            door.call(path=path, secret="wrong" * 8)
            times.append(time.perf_counter() - started)
    known, unknown = (min(times) for times in took.values())  # what else the machine does can only add to them
    assert abs(known - unknown) < 0.002


def test_i18_during_a_rotation_both_secrets_open_the_door(door: Door) -> None:
    how = door.add_source("rotating")
    [source] = door.connection.execute("select id from platform.webhook_sources where name = 'rotating'").fetchall()
    assert door.json(answer(new_id()), **how).json() == STORED
    new = {**how, "secret": f"new-{canaries.SOURCE_SECRET}"}
    assert door.json(answer(new_id()), **new).status_code == 404
    door.connection.execute(
        "insert into platform.source_secrets (source_id, slot, secret_hash) values (%s, 2, %s)",
        (source["id"], secrets.hash_secret(new["secret"])),
    )
    time.sleep(0.3)
    assert door.json(answer(new_id()), **how).json() == STORED
    assert door.json(answer(new_id()), **new).json() == STORED


@pytest.mark.slow
def test_i18_after_its_time_the_old_secret_is_a_strangers(door: Door) -> None:
    how = door.add_source("expiring")
    assert door.json(answer(new_id()), **how).json() == STORED
    door.connection.execute(
        """update platform.source_secrets set valid_to = clock_timestamp()
           where source_id = (select id from platform.webhook_sources where name = 'expiring')"""
    )
    time.sleep(5.2)  # what a function knows of its sources is that old at most
    assert door.json(answer(new_id()), **how).status_code == 404


# Methods, paths, places ---------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_405_for_those_who_may_call(door: Door, method: str) -> None:
    response = door.call(method, content=json.dumps(answer(new_id())).encode())
    assert response.status_code == 405
    assert response.json()["detail"] == "Use GET or POST."


def test_head_stores_nothing(door: Door) -> None:
    answer_id = new_id()
    assert door.call("HEAD", query=f"answer_id={answer_id}&user_id=5").status_code == 405
    assert door.events(answer_id) == []


@pytest.mark.parametrize("path", ["/getcourse/school/", "//getcourse/school"])
def test_a_slash_too_many_is_forgiven(door: Door, path: str) -> None:
    answer_id = new_id()
    assert door.json(answer(answer_id), path=path).json() == STORED


def test_no_answer_repeats_what_was_sent(door: Door) -> None:
    word = "эхо" + new_id()
    for how in (
        {"content": word.encode(), "headers": JSON_TYPE},
        {"query": f"x={word}"},
        {"content": f'{{"{word}":1e999}}'.encode()},
    ):
        assert word not in door.call(**how).text
