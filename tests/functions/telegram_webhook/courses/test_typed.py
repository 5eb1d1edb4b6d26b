"""What people type into forms, and drafts that are days or releases old."""

import json
from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.telegram_webhook.courses.dialog.calendar import Limits
from functions.telegram_webhook.courses.forms import drafts, typed
from functions.telegram_webhook.courses.forms.drafts import Draft
from functions.telegram_webhook.courses.forms.kinds import KINDS

TODAY = date(2026, 11, 30)
LIMITS = Limits(TODAY - timedelta(days=366), TODAY + timedelta(days=700))
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=12)),
    lambda inner: st.dictionaries(st.sampled_from(["start_date", "title", "start_time", "stream_id", "x"]), inner),
    max_leaves=4,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("05.12", date(2026, 12, 5)), ("5.12.2026", date(2026, 12, 5)), (" 2026-12-05 ", date(2026, 12, 5)),
        ("05/12/2027", date(2027, 12, 5)), ("29.11", date(2027, 11, 29)), ("29.11.2026", date(2026, 11, 29)),
        ("30.11.", TODAY), ("29.02", date(2028, 2, 29)), ("31.02.2027", None), ("05.12.2031", None), ("завтра", None),
        ("5", None), ("", None), ("٥.١٢", None), ("05.12.2026 10:00", None),
    ],
)  # fmt: skip
def test_a_day_is_the_next_of_its_name_within_the_limits(text: str, expected: date | None) -> None:
    assert typed.day(text, LIMITS, TODAY) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("19:00", time(19)), ("9.05", time(9, 5)), ("1930", time(19, 30)), ("930", time(9, 30)), ("7", time(7)),
        ("0:15", time(0, 15)), ("24:00", None), ("19:60", None), ("семь", None), ("", None), ("19:5", None),
    ],
)  # fmt: skip
def test_a_time_of_day(text: str, expected: time | None) -> None:
    assert typed.clock(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("12", 12), (" 1 ", 1), ("0", None), ("-1", None), ("101", None), ("１", None)]
)
def test_a_count(text: str, expected: int | None) -> None:
    assert typed.count(text, 100) == expected


@settings(max_examples=50)
@given(st.text(max_size=20))
def test_whatever_is_typed_is_a_value_or_none(text: str) -> None:
    day = typed.day(text, LIMITS, TODAY)
    assert day is None or day in LIMITS
    typed.clock(text)
    typed.count(text, 5)


def test_a_draft_is_kept_as_it_is() -> None:
    draft = Draft(KINDS["sessions"], 7, {"title": "Тема", "start_date": "2026-12-05", "stream_id": None}).ask(
        "title", "3"
    )

    assert drafts.parse(draft.write()) == draft


@settings(max_examples=100)
@given(
    kind=st.sampled_from([*KINDS, "gone"]),
    identity=st.one_of(st.integers(), st.text(max_size=3)),
    values=JSON,
    asked=JSON,
)
def test_whatever_a_former_release_has_kept_is_a_draft_or_none(
    kind: str, identity: object, values: object, asked: object
) -> None:
    found = drafts.parse(json.dumps({"kind": kind, "id": identity, "values": values, "asked": asked}))

    assert found is None or all(found.kind.field(name) for name in found.values)
    for text in ("{", "[]", "{}", "", "sessions", "sessions.x", "users.1"):
        assert drafts.parse(text) is None or text.startswith("sessions")
