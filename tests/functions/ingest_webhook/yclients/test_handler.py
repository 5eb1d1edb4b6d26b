"""YClients' hooks are hints, in any order, partial, of one salon."""

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

from shared.credentials.cache import MIN_REFRESH_SECONDS
from tests.conftest import rows
from tests.helpers import arrange, canaries
from tests.helpers.redelivery import redelivered
from tests.helpers.serving import Served
from tests.helpers.worlds.support import insert

SECRET = {"x-webhook-secret": canaries.SOURCE_SECRET}
STORED = {"stored": 1, "ignored": 0, "unparsed": 0}
IGNORED = {"stored": 0, "ignored": 1, "unparsed": 0}
UNPARSED = {"stored": 0, "ignored": 0, "unparsed": 1}
_numbers = itertools.count(5001)


class World:
    """The function with two salons, and what its calls left in the database."""

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

    def call(self, body: Any, source: str = "echo", **how: Any) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        how.setdefault("headers", SECRET)
        return redelivered(
            lambda: httpx.post(f"{self.url}/{source}", content=content, trust_env=False, timeout=60, **how)
        )

    def reason(self, answer: httpx.Response) -> str:
        query = "select reason from platform.inbox where correlation_id = %s"
        [row] = rows(self.connection, query, answer.headers["x-correlation-id"])
        return str(row["reason"])


@pytest.fixture(scope="module")
def world(served_ingest: Served, module_direct_url: str) -> Iterator[World]:
    with psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection:
        yield World(served_ingest, connection)


def hook(number: Any, status: str = "update", **fields: Any) -> dict[str, Any]:
    """A hook of a record, with its customer in it."""
    client = {"id": 1, "name": canaries.CLIENT, "phone": f"+{canaries.CLIENT_PHONES}0002", "email": canaries.EMAIL}
    data = {"id": number, "comment": canaries.CLIENT_WORDS, "client": client}
    return {"company_id": 4001, "resource": "record", "resource_id": number, "status": status, "data": data, **fields}


@pytest.mark.parametrize("status", ["create", "update", "delete", "something new"])
def test_a_hook_of_a_record_makes_its_booking_due(world: World, status: str) -> None:
    number = world.booking()
    other = world.booking()

    answer = world.call(hook(number, status))

    assert (answer.status_code, answer.json()) == (200, STORED)
    assert world.is_due(number)
    assert not world.is_due(other)


@pytest.mark.parametrize("data", [{"comment": "x"}, {}, [], None, {"attendance": 1, "deleted": True}])
def test_a_partial_hook_is_as_good(world: World, data: Any) -> None:
    number = world.booking()
    assert world.call(hook(number, data=data)).json() == STORED
    assert world.is_due(number)


def test_the_number_may_be_a_text_or_only_in_the_data(world: World) -> None:
    number, other = world.booking(), world.booking()
    assert world.call(hook(str(number))).json() == STORED
    in_data = {"resource": "record", "status": "update", "data": {"id": other, "comment": "x"}}
    assert world.call(in_data).json() == STORED
    assert world.is_due(number)
    assert world.is_due(other)


def test_order_and_repetition_change_nothing(world: World) -> None:
    number = world.booking()
    for status in ("delete", "create", "update", "create", "delete"):
        assert world.call(hook(number, status)).json() == STORED
    query = "select status, verified_at, attempts from dashboard.bookings where external_id = %s"
    assert rows(world.connection, query, str(number)) == [{"status": "created", "verified_at": None, "attempts": 0}]


def test_an_unknown_record_and_other_resources_are_ignored(world: World) -> None:
    assert world.call(hook(next(_numbers))).json() == IGNORED
    number = world.booking()
    for resource in ("client", "finances_operation", "x"):
        assert world.call(hook(number, resource=resource)).json() == IGNORED
    assert not world.is_due(number)


def test_a_salons_hooks_touch_no_other_salons_booking(world: World) -> None:
    number = world.booking(0)
    world.booking(1, number)

    assert world.call(hook(number), "tone").json() == STORED

    assert world.is_due(number, 1)
    assert not world.is_due(number, 0)


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
def test_what_cannot_be_parsed_is_kept_and_answered_200(world: World, body: Any) -> None:
    answer = world.call(body, headers={**SECRET, "content-type": "application/json"})
    assert (answer.status_code, answer.json()) == (200, UNPARSED)


def test_a_rejected_body_is_400_and_kept(world: World) -> None:
    answer = world.call(b'{"resource": "record", "resource_id": ' + b"9" * 5000 + b"}")
    assert answer.status_code == 400
    assert world.reason(answer) == "a number is out of range"


def test_a_source_without_a_salon_says_so(world: World) -> None:
    arrange.source(world.connection, "lost", "lost-" + canaries.SOURCE_SECRET, provider="yclients")
    arrange.source(
        world.connection, "odd", "odd-" + canaries.SOURCE_SECRET, provider="yclients",
        field_map=Jsonb({"tenant_id": "x'; drop table dashboard.bookings; --"}),
    )  # fmt: skip
    time.sleep(MIN_REFRESH_SECONDS)  # a source that is a moment old is asked for no sooner
    for name in ("lost", "odd"):
        answer = world.call(hook(7), name, headers={"x-webhook-secret": f"{name}-{canaries.SOURCE_SECRET}"})
        assert (answer.status_code, answer.json()) == (200, UNPARSED)
        assert "sources add yclients" in world.reason(answer)


def test_the_secret_may_be_in_the_query_and_must_be_right(world: World) -> None:
    number = world.booking()
    for headers in ({}, {"x-webhook-secret": "wrong"}):
        assert world.call(hook(number), headers=headers).status_code == 404
    assert world.call(hook(number), "nobody").status_code == 404
    assert not world.is_due(number)
    in_query = f"echo?secret={canaries.SOURCE_SECRET}"
    assert world.call(hook(number), in_query, headers={}).json() == STORED


def test_other_methods_are_refused(world: World) -> None:
    assert httpx.get(f"{world.url}/echo", headers=SECRET, trust_env=False, timeout=60).status_code == 405


def test_a_forwarder_may_send_whole_items_and_several(world: World) -> None:
    first, second = world.booking(), world.booking()
    item = {"headers": {"cookie": "canary"}, "params": {}, "query": {}, "body": hook(first)}

    assert world.call([item, hook(second), hook(second, resource="client")]).json() == STORED | {
        "stored": 2,
        "ignored": 1,
    }
    assert world.is_due(first)
    assert world.is_due(second)
