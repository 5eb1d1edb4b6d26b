"""When it happened, in every spelling and zone."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.ingest_webhook.getcourse.world import MOMENT, STORED, World, answer, new_id
from tests.functions.ingest_webhook.properties import thorough
from tests.helpers import arrange


@pytest.mark.parametrize(
    ("written", "meant"),
    [
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
        ("1772451418.000", MOMENT),
    ],
)
def test_a_date_is_parsed_in_every_spelling(world: World, written: Any, meant: datetime) -> None:
    answer_id = new_id()
    assert world.json(answer(answer_id, event_date=written)).json() == STORED
    assert world.event(answer_id)["event_date"] == meant


def test_an_offset_whose_plus_was_not_escaped_is_still_an_offset(world: World) -> None:
    answer_id = new_id()
    assert (
        world.call("GET", query=f"answer_id={answer_id}&user_id=5&event_date=2026-03-02T18:36:58+07:00").json()
        == STORED
    )
    assert world.event(answer_id)["event_date"] == MOMENT


@pytest.mark.parametrize(
    "written",
    [
        "вчера",
        "",
        None,
        "0000-00-00 00:00:00",
        "2026-13-45",
        "9999-12-31 23:59:59",
        "0001-01-01",
        "1970-01-01",
        0,
        -1,
        1e300,
        10**40,
        True,
        [],
        {"date": 1},
        "١٢٣٤٥",
        "9" * 400,
        "2026-03-02T14:36:58+99:99",
        "²",
        "NaN",
        "1e999",
    ],
)
def test_nonsense_in_place_of_a_date_means_the_time_of_arrival(world: World, written: Any) -> None:
    answer_id = new_id()
    assert world.json(answer(answer_id, event_date=written)).json() == STORED
    event = world.event(answer_id)
    assert abs((event["event_date"] - event["created_at"]).total_seconds()) < 60


@pytest.mark.parametrize(
    ("zone", "meant"),
    [
        ("Asia/Vladivostok", datetime(2026, 3, 2, 4, 36, 58, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 3, 2, 19, 36, 58, tzinfo=UTC)),
        ("UTC", datetime(2026, 3, 2, 14, 36, 58, tzinfo=UTC)),
    ],
)
def test_a_date_without_an_offset_is_local_to_the_source(world: World, zone: str, meant: datetime) -> None:
    answer_id = new_id()
    world.json(answer(answer_id), **world.add_source(zone.lower().replace("/", "-"), timezone=zone))
    assert world.event(answer_id)["event_date"] == meant


@pytest.mark.parametrize("zone", ["Moscow", "", "../etc/passwd", "Europe/Москва"])
def test_a_mistyped_zone_loses_no_delivery(world: World, zone: str) -> None:
    answer_id = new_id()
    with arrange.unchecked(world.connection):
        added = world.add_source(f"zone{answer_id}", timezone=zone)
    response = world.json(answer(answer_id), **added)
    assert (response.status_code, response.json()) == (200, STORED)


@thorough
@given(
    value=st.one_of(
        st.text(max_size=40), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.datetimes().map(str)
    )
)
def test_no_date_whatsoever_breaks_the_handler(world: World, value: Any) -> None:
    answer_id = new_id()
    assert world.json(answer(answer_id, event_date=value)).json() == STORED
