"""JSON of callers' own making: its size is known before each part of it is walked."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.learning_api.json_limits import checked

NOT_A_NUMBER = float("nan")  # found where all of it is walked, and not where its size is known before
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(
    "value",
    [
        {"a": [NOT_A_NUMBER] * 2000},
        {"a": [[]] * 2000, "b": NOT_A_NUMBER},
        {"a": [{}] * 2000, "b": NOT_A_NUMBER},
        {str(i): NOT_A_NUMBER for i in range(1000)},
        {"a": "я" * 4001, "b": NOT_A_NUMBER},
        {"я" * 4001: NOT_A_NUMBER},
        [[[["я" * 1000] * 5]], NOT_A_NUMBER],
    ],
    ids=range(7),
)
def test_what_is_far_too_large_is_refused_before_it_is_walked(value: Any) -> None:
    with pytest.raises(ValueError, match="more than 4000 bytes"):
        checked(value, 4000)


@given(values)
def test_nothing_that_fits_is_refused(value: Any) -> None:
    size = len(json.dumps(value, ensure_ascii=False).encode())

    assert checked([value], size + 2) is not None
