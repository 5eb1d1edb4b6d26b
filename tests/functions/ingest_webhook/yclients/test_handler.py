"""YClients' door: hooks are hints, in any order, partial, of one salon."""

import itertools
import json
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow, dict_row
from psycopg.types.json import Jsonb

from shared.credentials.webhook_sources import MIN_REFRESH_SECONDS
from tests.conftest import rows
from tests.helpers import arrange, canaries
from tests.helpers.desk import insert
from tests.helpers.serving import Served

SECRET = {"x-webhook-secret": canaries.SOURCE_SECRET}
STORED = {"stored": 1, "ignored": 0, "unparsed": 0}
IGNORED = {"stored": 0, "ignored": 1, "unparsed": 0}
UNPARSED = {"stored": 0, "ignored": 0, "unparsed": 1}
_numbers = itertools.count(5001)


class Door:
    """The function as it is deployed, two salons behind it."""

    def __init__(self, served: Served, connection: psycopg.Connection[DictRow]) -> None:
        self.url = f"{served.url}/yclients"
        self.connection = connection
        self.salons = [self.salon(name) for name in ("echo", "tone")]

    def salon(self, name: str) -> UUID:
        tenant = insert(self.connection, "public.tenants_v2", name=name)
        arrange.source(self.connection, name, provider="yclients", field_map=Jsonb({"tenant_id": str(tenant)}))
        return tenant

    def booking(self, salon: int = 0, number: int | None = None, look_at: str = "infinity") -> int:
        number = number or next(_numbers)
        values = {"tenant_id": self.salons[salon], "external_id": str(number), "client_id": "c", "look_at": look_at}
        insert(self.connection, "dashboard.bookings", **values)
        return number

    def is_due(self, number: int, salon: int = 0) -> bool:
        query = "select look_at <= now() as due from dashboard.bookings where tenant_id = %s and external_id = %s"
        [row] = rows(self.connection, query, self.salons[salon], str(number))
        return bool(row["due"])

    def say(self, body: Any, source: str = "echo", **how: Any) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        how.setdefault("headers", SECRET)
        return httpx.post(f"{self.url}/{source}", content=content, trust_env=False, timeout=20, **how)

    def reason(self, answer: httpx.Response) -> str:
        query = "select reason from platform.inbox where correlation_id = %s"
        [row] = rows(self.connection, query, answer.headers["x-correlation-id"])
        return str(row["reason"])


@pytest.fixture(scope="module")
def door(served_ingest: Served, module_direct_url: str) -> Iterator[Door]:
    with psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection:
        yield Door(served_ingest, connection)


def hook(number: Any, status: str = "update", **fields: Any) -> dict[str, Any]:
    """A hook of a record, with its client in it."""
    client = {"id": 1, "name": canaries.CLIENT, "phone": f"+{canaries.CLIENT_PHONES}0002", "email": canaries.EMAIL}
    data = {"id": number, "comment": canaries.CLIENT_WORDS, "client": client}
    return {"company_id": 4001, "resource": "record", "resource_id": number, "status": status, "data": data, **fields}


@pytest.mark.parametrize("status", ["create", "update", "delete", "something new"])
def test_a_hook_of_a_record_makes_its_booking_due(door: Door, status: str) -> None:
    number = door.booking()
    other = door.booking()

    answer = door.say(hook(number, status))

    assert (answer.status_code, answer.json()) == (200, STORED)
    assert door.is_due(number)
    assert not door.is_due(other)


@pytest.mark.parametrize("data", [{"comment": "x"}, {}, [], None, {"attendance": 1, "deleted": True}])
def test_a_partial_hook_is_as_good(door: Door, data: Any) -> None:
    number = door.booking()
    assert door.say(hook(number, data=data)).json() == STORED
    assert door.is_due(number)


def test_the_number_may_be_a_text_or_only_in_the_data(door: Door) -> None:
    number, other = door.booking(), door.booking()
    assert door.say(hook(str(number))).json() == STORED
    assert door.say({"resource": "record", "status": "update", "data": {"id": other, "comment": "x"}}).json() == STORED
    assert door.is_due(number)
    assert door.is_due(other)


def test_order_and_repetition_change_nothing(door: Door) -> None:
    number = door.booking()
    for status in ("delete", "create", "update", "create", "delete"):
        assert door.say(hook(number, status)).json() == STORED
    query = "select status, verified_at, attempts from dashboard.bookings where external_id = %s"
    assert rows(door.connection, query, str(number)) == [{"status": "created", "verified_at": None, "attempts": 0}]


def test_an_unknown_record_and_other_resources_are_ignored(door: Door) -> None:
    assert door.say(hook(next(_numbers))).json() == IGNORED
    number = door.booking()
    for resource in ("client", "finances_operation", "x"):
        assert door.say(hook(number, resource=resource)).json() == IGNORED
    assert not door.is_due(number)


def test_a_salons_hooks_touch_no_other_salons_booking(door: Door) -> None:
    number = door.booking(0)
    door.booking(1, number)

    assert door.say(hook(number), "tone").json() == STORED

    assert door.is_due(number, 1)
    assert not door.is_due(number, 0)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"7",
        b'"record"',
        {"resource": 7, "resource_id": 1},
        {"resource_id": 1},
        hook("7/8"),
        hook(0),
        hook(-5),
        hook(True),  # noqa: FBT003
        hook(1.5),
        hook([1]),
        {"resource": "record", "data": {"id": None}},
    ],
)
def test_what_is_not_understood_is_kept_and_taken(door: Door, body: Any) -> None:
    answer = door.say(body, headers={**SECRET, "content-type": "application/json"})
    assert (answer.status_code, answer.json()) == (200, UNPARSED)


def test_a_hostile_body_is_told_so_and_kept(door: Door) -> None:
    answer = door.say(b'{"resource": "record", "resource_id": ' + b"9" * 5000 + b"}")
    assert answer.status_code == 400
    assert door.reason(answer) == "a number is out of range"


def test_a_source_without_a_salon_says_so(door: Door) -> None:
    arrange.source(door.connection, "lost", "lost-" + canaries.SOURCE_SECRET, provider="yclients")
    arrange.source(
        door.connection, "odd", "odd-" + canaries.SOURCE_SECRET, provider="yclients",
        field_map=Jsonb({"tenant_id": "x'; drop table dashboard.bookings; --"}),
    )  # fmt: skip
    time.sleep(MIN_REFRESH_SECONDS)  # a source that is a moment old is asked for no sooner
    for name in ("lost", "odd"):
        answer = door.say(hook(7), name, headers={"x-webhook-secret": f"{name}-{canaries.SOURCE_SECRET}"})
        assert (answer.status_code, answer.json()) == (200, UNPARSED)
        assert "sources add yclients" in door.reason(answer)


def test_the_secret_may_be_in_the_query_and_must_be_right(door: Door) -> None:
    number = door.booking()
    for headers in ({}, {"x-webhook-secret": "wrong"}):
        assert door.say(hook(number), headers=headers).status_code == 404
    assert door.say(hook(number), "nobody").status_code == 404
    assert not door.is_due(number)
    in_query = f"echo?secret={canaries.SOURCE_SECRET}"
    assert door.say(hook(number), in_query, headers={}).json() == STORED


def test_other_methods_are_refused(door: Door) -> None:
    assert httpx.get(f"{door.url}/echo", headers=SECRET, trust_env=False, timeout=20).status_code == 405
