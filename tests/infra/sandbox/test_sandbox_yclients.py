"""YClients' stand-in: official shapes, its tokens, its faults, and what steers it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.infra.sandbox.conftest import Client

PARTNER, USER = "partner-token-of-this-test", "user-token-of-this-test"
HEADERS = {"Accept": "application/vnd.yclients.v2+json", "Authorization": f"Bearer {PARTNER}, User {USER}"}


async def get(client: Client, path: str, headers: dict[str, str] = HEADERS, **query: Any) -> httpx.Response:
    return await client.http.get(f"/yclients/{path}", params=query, headers=headers)


async def put(client: Client, number: int, **fields: Any) -> None:
    answer = await client.http.post("/_sandbox/yclients/records", json={"company_id": 4001, "id": number, **fields})
    assert answer.status_code == 200


async def test_a_record_has_the_official_envelope(client: Client) -> None:
    await put(client, 2, attendance=2, datetime="2027-03-01T10:00:00+05:00")

    answer = (await get(client, "record/4001/2")).json()

    assert (answer["success"], answer["meta"]) == (True, [])
    row = answer["data"]
    assert (row["id"], row["company_id"], row["attendance"], row["deleted"]) == (2, 4001, 2, 0)
    assert (row["datetime"], row["date"]) == ("2027-03-01T10:00:00+05:00", "2027-03-01 10:00:00")


async def test_fields_change_their_types_as_they_do_there(client: Client) -> None:
    for number in range(1, 13):
        await put(client, number)

    rows = (await get(client, "records/4001")).json()["data"]

    for name, types in {
        "visit_id": {int, str},
        "deleted": {bool, int},
        "custom_fields": {list, dict},
        "client": {list, dict, type(None)},
        "prepaid": {bool, int, str},
    }.items():
        assert {type(row[name]) for row in rows} == types, name


async def test_a_list_is_paged_and_shows_the_deleted_to_who_asks(client: Client) -> None:
    for number in range(1, 8):
        await put(client, number, deleted=number == 3)
    await put(client, 8, changed="2020-01-01T00:00:00Z")
    asked: dict[str, Any] = {"changed_after": "2021-01-01T00:00:00", "count": 4}

    usual = (await get(client, "records/4001", **asked)).json()
    second = (await get(client, "records/4001", **asked, with_deleted=1, page=2)).json()

    assert usual["meta"] == {"page": 1, "total_count": 6}
    assert [row["id"] for row in usual["data"]] == [1, 2, 4, 5]
    assert second["meta"] == {"page": 2, "total_count": 7}
    assert [row["id"] for row in second["data"]] == [5, 6, 7]
    assert (await get(client, "record/4001/3")).status_code == 404
    assert (await get(client, "records/4001", page="x")).status_code == 422


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {**HEADERS, "Authorization": f"Bearer {PARTNER}"},
        {**HEADERS, "Authorization": f"User {USER}"},
        {"Authorization": HEADERS["Authorization"], "Accept": "*/*"},
    ],
)
async def test_who_has_not_both_tokens_is_nobody(client: Client, headers: dict[str, str]) -> None:
    answer = await get(client, "records/4001", headers)
    assert (answer.status_code, answer.json()["success"]) == (401, False)


async def test_a_salon_keeps_the_first_token_that_it_came_with(client: Client) -> None:
    other = {**HEADERS, "Authorization": f"Bearer {PARTNER}, User another"}
    assert (await get(client, "records/4001")).status_code == 200
    assert (await get(client, "records/4001", other)).status_code == 403
    assert (await get(client, "records/4002", other)).status_code == 200


async def test_a_fault_meets_the_calls_that_it_is_for(client: Client) -> None:
    await put(client, 2)
    fault = {"does": "status", "status": 429, "company_id": 4001, "times": 2, "after": 1}
    assert (await client.http.post("/_sandbox/yclients/faults", json=fault)).status_code == 200

    met = [(await get(client, "record/4001/2")).status_code for _ in range(4)]
    other = (await get(client, "records/4002")).status_code

    assert (met, other) == ([200, 429, 429, 200], 200)
    assert (await client.http.get("/_sandbox/yclients/faults")).json() == []
    assert (await client.http.post("/_sandbox/yclients/faults", json={"does": "magic"})).status_code == 422


async def test_a_broken_connection_breaks(client: Client) -> None:
    await client.http.post("/_sandbox/yclients/faults", json={"does": "drop"})
    with pytest.raises(httpx.TransportError):
        await get(client, "records/4001")


async def test_the_journal_has_the_calls_and_no_token(client: Client) -> None:
    await get(client, "records/4001", page=1)
    await get(client, "record/4001/77")

    answer = await client.http.get("/_sandbox/yclients/journal")

    told = [(row["what"], row["company_id"], row["asked"], row["status"]) for row in answer.json()]
    assert told == [("records", 4001, {"page": "1"}, 200), ("record", 4001, {"record_id": 77}, 404)]
    assert len((await client.http.get("/_sandbox/yclients/journal?since=1")).json()) == 1
    assert PARTNER not in answer.text
    assert USER not in answer.text


async def test_what_steers_it_is_checked(client: Client) -> None:
    for path, body in (("records", {"company_id": 1}), ("records", {"company_id": 1, "id": 1, "attendance": 7}),
                       ("latency", {"seconds": -1})):  # fmt: skip
        assert (await client.http.post(f"/_sandbox/yclients/{path}", json=body)).status_code == 422
    assert (await client.http.get("/_sandbox/yclients/journal?since=x")).status_code == 422
    assert (await client.http.post("/_sandbox/yclients/latency", json={"seconds": 0.01})).status_code == 200


async def test_records_are_filtered(client: Client) -> None:
    put = client.server.yclients.put
    for number, day in ((2, "2026-03-01"), (3, "2026-03-02"), (4, "2026-03-03")):
        put(7, number, datetime=f"{day}T10:00:00+05:00", changed=f"{day}T10:00:00+05:00")

    async def numbers(**query: str) -> list[int]:
        headers = {"Authorization": "Bearer p, User u", "Accept": "application/vnd.yclients.v2+json"}
        answer = await client.http.get("/yclients/records/7", params=query, headers=headers)
        return [record["id"] for record in answer.json()["data"]]

    assert await numbers(start_date="2026-03-02", end_date="2026-03-02") == [3]
    assert await numbers(c_start_date="2026-03-02") == [3, 4]
    assert await numbers(changed_after="2026-03-02T10:00:00+05:00") == [3, 4]
    assert await numbers(changed_before="2026-03-02T05:00:00") == [2, 3]
    assert await numbers(client_id="502") == [2]
    assert await numbers(staff_id="8") == []
