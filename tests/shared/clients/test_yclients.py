"""What YClients answers, in all the types that their own samples have."""

import json
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.sandbox.server import SandboxServer, running
from shared.clients.http import HttpClient
from shared.clients.yclients import PAGE_ROWS, Branch, Page, Record, YClients, is_number, parse_record
from shared.payload.values import coerced_integer
from tests.helpers import canaries

FOLDER = os.environ.get("SAMPLES_DIR", "")
BRANCH = Branch("4001", canaries.SOURCE_SECRET)
ROW: dict[str, Any] = {
    "id": 501, "company_id": 4001, "staff_id": 7, "services": [{"id": 3, "title": "Стрижка", "cost": 6000}],
    "client": {"name": canaries.CLIENT, "phone": f"+{canaries.CLIENT_PHONES}0003"}, "deleted": False, "attendance": 0,
    "datetime": "2027-03-01T10:00:00+05:00", "confirmed": 1, "prepaid": "forbidden",
}  # fmt: skip
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@pytest.fixture
async def sandbox() -> AsyncIterator[SandboxServer]:
    async with running() as started:
        yield started


@pytest.fixture
async def yclients(sandbox: SandboxServer) -> AsyncIterator[YClients]:
    web = HttpClient(20)
    yield YClients(web, f"{sandbox.url}/yclients", canaries.CRON_SECRET)
    await web.close()


WHOLE: list[tuple[Any, int | None]] = [
    (1, 1), ("1", 1), (" -1 ", -1), (True, 1), (False, 0), ("true", 1), ("", None), (None, None), (1.0, None),
    ("1.0", None), ("١", None), ([1], None), (2**63, None), ("9" * 19, None),
]  # fmt: skip


@pytest.mark.parametrize(("value", "number"), WHOLE, ids=[repr(value) for value, _ in WHOLE])
def test_a_whole_number_may_come_as_a_text_or_as_a_truth(value: Any, number: int | None) -> None:
    assert coerced_integer(value) == number


@pytest.mark.parametrize(
    ("fields", "attendance", "is_deleted"),
    [
        ({}, 0, False),
        ({"attendance": "2", "deleted": 0, "id": "501", "company_id": "4001"}, 2, False),
        ({"attendance": -1, "deleted": "false", "client": [], "services": {}}, -1, False),
        ({"attendance": 1, "deleted": 1, "client": None, "services": [None, {"title": 7}]}, 1, True),
        ({"attendance": None, "deleted": True}, None, True),
        ({"attendance": 9, "deleted": "1", "datetime": "soon"}, None, True),
    ],
)
def test_a_record_is_read_whatever_types_it_has(
    fields: dict[str, Any], attendance: int | None, is_deleted: Any
) -> None:
    record = parse_record({**ROW, **fields}, BRANCH)
    assert record is not None
    assert (record.id, record.attendance, record.is_deleted) == ("501", attendance, is_deleted)
    kept = json.dumps(record.details, ensure_ascii=False)
    assert "6000" not in kept
    assert not [canary for canary in canaries.ALL if canary in kept]


@pytest.mark.parametrize(
    "row",
    [
        None,
        [],
        "x",
        {},
        {**ROW, "id": None},
        {**ROW, "company_id": 4002},
        {**ROW, "attendance": 3},
        {**ROW, "attendance": None},
    ],
)
def test_what_is_no_record_of_this_salon_is_none(row: Any) -> None:
    assert parse_record(row, BRANCH) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2027-03-01T10:00:00+05:00", datetime(2027, 3, 1, 5, tzinfo=UTC)),
        ("2027-03-01T10:00:00+0500", datetime(2027, 3, 1, 5, tzinfo=UTC)),
        ("2027-03-01 10:00:00", None),
        ("0001-01-01T00:00:00+00:00", None),
        (1772000000, None),
    ],
)
def test_an_instant_needs_its_offset(text: Any, moment: datetime | None) -> None:
    record = parse_record({**ROW, "datetime": text}, BRANCH)
    assert record is not None
    assert record.starts_at == moment


@given(junk, st.dictionaries(st.sampled_from(sorted(ROW)), junk))
def test_no_junk_breaks_the_reader_and_all_that_it_keeps_fits_into_the_database(whole_row: Any, fields: Any) -> None:
    parse_record(whole_row, BRANCH)
    record = parse_record({**ROW, **fields}, BRANCH)
    assert record is None or b"\\u0000" not in json.dumps(record.details).encode()


def test_only_digits_go_into_an_address() -> None:
    assert [text for text in ("1", "501", "0", "01", "1/2", "１", "-1", "1 ", "") if is_number(text)] == ["1", "501"]


async def test_one_record_and_pages_of_changed_ones(sandbox: SandboxServer, yclients: YClients) -> None:
    for number in range(1, PAGE_ROWS + 21):
        sandbox.yclients.put(4001, number, deleted=number == 3)
    sandbox.yclients.put(4001, 999, changed=LONG_AGO)
    sandbox.yclients.put(4002, 1, attendance=1)

    one = await yclients.record(BRANCH, "2")
    pages = [await yclients.records(BRANCH, datetime(2021, 1, 1, tzinfo=UTC), page) for page in (1, 2, 3)]

    assert isinstance(one, Record)
    assert await yclients.record(BRANCH, "3") == "not_found"
    numbers = [record.id for page in pages if isinstance(page, Page) for record in page.records]
    assert numbers == [str(number) for number in range(1, PAGE_ROWS + 21)]
    assert [(page.rows, page.total) for page in pages if isinstance(page, Page)] == [(100, 120), (20, 120), (0, 120)]


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        ({"does": "status", "status": 401}, "refused"),
        ({"does": "status", "status": 402}, "refused"),
        ({"does": "status", "status": 403}, "refused"),
        ({"does": "status", "status": 404}, "not_found"),
        ({"does": "status", "status": 409}, "not_understood"),
        ({"does": "status", "status": 422}, "not_understood"),
        ({"does": "status", "status": 429}, "rate_limited"),
        ({"does": "status", "status": 502}, "away"),
        ({"does": "hang"}, "away"),
        ({"does": "drop"}, "away"),
        ({"does": "garbage"}, "not_understood"),
        ({"does": "said"}, "not_understood"),
        ({"does": "strange"}, "not_understood"),
    ],
)
async def test_what_is_no_record_has_a_reason(sandbox: SandboxServer, fault: dict[str, Any], problem: str) -> None:
    sandbox.yclients.put(4001, 2)
    sandbox.yclients.fail(**fault)
    sandbox.yclients.fail(**fault)
    web = HttpClient(0.5 if fault["does"] == "hang" else 20)
    yclients = YClients(web, f"{sandbox.url}/yclients", canaries.CRON_SECRET)

    assert await yclients.record(BRANCH, "2") == problem
    listed = await yclients.records(BRANCH, LONG_AGO, 1)
    assert listed == ("not_understood" if problem == "not_found" else problem)
    await web.close()


async def test_an_address_that_is_not_yclients_has_no_missing_records(sandbox: SandboxServer) -> None:
    """A 404 of a proxy says nothing of the record."""
    web = HttpClient(20)
    assert await YClients(web, f"{sandbox.url}/elsewhere", "p").record(BRANCH, "2") == "not_understood"
    await web.close()


def test_the_token_is_not_in_the_repr() -> None:
    assert canaries.SOURCE_SECRET not in repr(BRANCH)


def test_every_sample_of_a_record_is_read() -> None:
    if not FOLDER:
        pytest.skip("SAMPLES_DIR is not set")
    wanted = {
        "record_get_200": 0,
        "record_get_attendance_1": 1,
        "record_get_attendance_2": 2,
        "record_get_attendance_minus1": -1,
    }
    for name, attendance in wanted.items():
        data = json.loads((Path(FOLDER) / "yclients" / f"{name}.json").read_bytes())["data"]
        record = parse_record(data, Branch(str(data["company_id"]), ""))
        assert record is not None, name
        assert record.attendance == attendance
        assert record.starts_at is not None
    for name in ("records_list_200", "visit_get_200"):
        data = json.loads((Path(FOLDER) / "yclients" / f"{name}.json").read_bytes())["data"]
        rows = data["records"] if isinstance(data, dict) else data
        assert all(parse_record(row, Branch(str(row["company_id"]), "")) for row in rows), name
