"""What a model's answers mean, the odd ones of compatible servers too."""

import json
from typing import Any

import pytest

from shared.clients.http import HttpResponse
from shared.clients.llm import MAX_TEXT, Kind, ModelError, parse


def kind_of(status: int, body: bytes) -> Kind:
    with pytest.raises(ModelError) as caught:
        parse(HttpResponse(status, {}, body))
    return caught.value.kind


def completion(content: Any, finish: Any = "stop", usage: Any = None, **message: Any) -> bytes:
    choice = {"message": {"role": "assistant", "content": content, **message}, "finish_reason": finish}
    return json.dumps({"choices": [choice], "usage": usage}).encode()


def error(code: Any, kind: Any = None) -> bytes:
    return json.dumps({"error": {"message": "words", "type": kind, "param": None, "code": code}}).encode()


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, b"", "garbage"),
        (200, b"[]", "garbage"),
        (200, b"[" * 100_000, "garbage"),
        (200, b'{"choices": []}', "garbage"),
        (200, b'{"choices": {"0": 1}}', "garbage"),
        (200, b'{"choices": ["words"]}', "garbage"),
        (200, b'{"choices": [{"message": "words"}]}', "garbage"),
        (200, error("server_error"), "garbage"),
        (200, completion(7), "garbage"),
        (200, completion(["words"]), "garbage"),
        (200, completion(None, tool_calls=[]), "empty"),
        (200, completion(" \n\x00\ud800 "), "empty"),
        (200, completion(None, refusal="I cannot"), "content_filter"),
        (200, completion("half of it", "content_filter"), "content_filter"),
        (200, completion("", "length"), "cut"),
        (302, b"", "garbage"),
        (400, error("content_filter"), "content_filter"),
        (400, error(None, "invalid_request_error"), "bad_request"),
        (400, error(["insufficient_quota"]), "bad_request"),
        (400, b'{"error": "words"}', "bad_request"),
        (422, b"", "bad_request"),
        (408, b"", "server_error"),
        (403, error("billing_not_active"), "quota"),
        (429, error(None, "insufficient_quota"), "quota"),
        (429, error("insufficient_quota"), "quota"),
        (429, error("rate_limit_exceeded", "tokens"), "rate_limited"),
        (429, b"<html>", "rate_limited"),
        (502, b"<html>", "server_error"),
        (529, b"", "server_error"),
    ],
)
def test_an_answer_that_is_none_has_one_word(status: int, body: bytes, kind: Kind) -> None:
    assert kind_of(status, body) == kind


@pytest.mark.parametrize("finish", ["stop", None, "eos", 7])
def test_however_it_ended_words_are_an_answer(finish: Any) -> None:
    assert parse(HttpResponse(200, {}, completion(" Да. \n", finish))).text == "Да."


def test_an_answer_is_only_so_long() -> None:
    assert parse(HttpResponse(200, {}, completion("я" * (MAX_TEXT + 1)))).text == "я" * MAX_TEXT


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (None, None),
        ("many", None),
        ({}, {}),
        ({"prompt_tokens": 3, "total_tokens": 2**31 - 1}, {"prompt_tokens": 3, "total_tokens": 2**31 - 1}),
        ({"prompt_tokens": True, "completion_tokens": -1, "total_tokens": 2**31, "\x00": 1}, {}),
        ({"prompt_tokens": 1.5, "completion_tokens": "2", "total_tokens": {"all": 3}}, {}),
    ],
)
def test_of_what_it_counted_only_sane_numbers_are_kept(said: Any, kept: dict[str, int] | None) -> None:
    assert parse(HttpResponse(200, {}, completion("Да.", usage=said))).usage == kept
