"""Bodies: what is wrong with them is told, and nothing of them repeated."""

import json
from typing import Any, Literal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, field_validator

from shared.errors import HttpProblem
from shared.http import body as http_body
from shared.http.large_bodies import LargeBodies
from tests.helpers import canaries
from tests.shared.http.requests import request

SECRET = canaries.LEARNER_WORDS


class Question(BaseModel):
    model_config = ConfigDict(strict=True)

    text: str = Field(min_length=1, max_length=5)
    kind: Literal["new", "old"] = "new"
    session: UUID | None = None
    parts: list[int] = Field(default_factory=list, max_length=2)
    context: dict[str, int] = Field(default_factory=dict)
    size: int = Field(default=1, ge=1, le=9)
    loud: bool = False

    @field_validator("text")
    @classmethod
    def _not_odd(cls, text: str) -> str:
        if text == "odd":
            raise ValueError("is odd")
        return text


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        ("", 400, "The body is no JSON"),
        ("{", 400, "The body is no JSON"),
        ('{"text": "\\udfff"}', 400, "The body is no JSON"),
        ("[]", 422, "The body is no object."),
        ("{}", 422, "text is missing."),
        ('{"text": ""}', 422, "text is empty."),
        (f'{{"text": "{SECRET}"}}', 422, "text has more than 5 characters."),
        ('{"text": "odd"}', 422, "text is odd."),
        ('{"text": 1}', 422, "text is no text."),
        (f'{{"text": "a", "kind": "{SECRET}"}}', 422, "kind is none of 'new' or 'old'."),
        (f'{{"text": "a", "session": "{SECRET}"}}', 422, "session is no UUID."),
        ('{"text": "a", "parts": [1, 2, 3]}', 422, "parts has more than 2 parts."),
        ('{"text": "a", "parts": {}}', 422, "parts is no list."),
        ('{"text": "a", "context": []}', 422, "context is no object."),
        (f'{{"text": "a", "context": {{"{SECRET}": "x"}}}}', 422, "context has a part that is not what it should be."),
        ('{"text": "a", "size": 0}', 422, "size is less than 1."),
        ('{"text": "a", "size": 10}', 422, "size is more than 9."),
        ('{"text": "a", "loud": 1}', 422, "loud is neither true nor false."),
    ],
)
def test_an_invalid_body_is_described_in_a_sentence(body: str, status: int, detail: str) -> None:
    with pytest.raises(HttpProblem) as raised:
        http_body.validate(Question, body.encode())

    assert raised.value.status == status
    assert raised.value.detail.startswith(detail)
    assert SECRET not in repr(vars(raised.value))


words = st.text("XYZ{}%", min_size=6)


@given(st.dictionaries(st.sampled_from([*Question.model_fields, "more"]) | words, words | st.lists(words)))
def test_nothing_that_came_is_ever_repeated(body: dict[str, Any]) -> None:
    with pytest.raises(HttpProblem) as raised:
        http_body.validate(Question, json.dumps(body).encode())

    assert not {"X", "Y", "Z", "{", "}", "%"} & set(raised.value.detail.replace("UUID", ""))


async def test_a_body_is_read_in_pieces_whatever_it_says_of_its_charset() -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}

    assert (
        await http_body.parse_body(request("POST", headers, b'{"text": "a"}'), Question, LargeBodies(), 1)
    ).text == "a"
    assert (await http_body.parse_body(request("POST", {}, b'{"text": "b"}'), Question, LargeBodies(), 1)).text == "b"


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Content-Type": "text/plain"}, b"{}", 415),
        ({"Content-Type": ""}, b"{}", 415),
        ({"Content-Encoding": "br"}, b"{}", 415),
        ({}, b" " * (http_body.MAX_BYTES + 1), 413),
        ({"Content-Length": "999999999"}, b"{}", 413),
    ],
)
async def test_what_is_too_large_or_no_json_is_not_read(headers: dict[str, str], body: bytes, status: int) -> None:
    with pytest.raises(HttpProblem) as raised:
        await http_body.parse_body(request("POST", headers, body), Question, LargeBodies(), 1)

    assert raised.value.status == status
