"""Requests that are wrong in very many ways cost as little as those that are wrong in one."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from functions.agent_reply.schema import MAX_CONTEXT, ReplyRequest
from shared.errors import HttpProblem
from shared.http import body


def raw(context: Any) -> bytes:
    return json.dumps({"user_message": "?", "context": context}).encode()


@pytest.mark.parametrize("context", [{f"a{i}": [[]] for i in range(1000)}, {f"{i}": {} for i in range(1000)}])
def test_of_a_thousand_wrong_values_no_list_of_errors_is_made(context: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        ReplyRequest.model_validate_json(raw(context))
    with pytest.raises(HttpProblem) as problem:
        body.validate(ReplyRequest, raw(context))

    assert caught.value.error_count() == 1
    assert problem.value.detail == f"context has more than {MAX_CONTEXT} parts."


def test_as_many_values_as_there_may_be_are_read_as_strictly_as_before() -> None:
    values = {"text": "да", "number": 7, "part": 0.5, "truth": True}
    many = values | {f"a{i}": i for i in range(MAX_CONTEXT - len(values))}

    assert body.validate(ReplyRequest, raw(many)).context == many
    wrongs: list[Any] = [{"a": None}, {"a": []}, {"1": "x"}, [], "x", 1, None]
    for wrong in wrongs:
        with pytest.raises(HttpProblem) as problem:
            body.validate(ReplyRequest, raw(wrong))
        assert problem.value.detail.startswith("context ")
