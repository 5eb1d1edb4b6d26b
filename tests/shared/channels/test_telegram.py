"""Every answer of the Bot API has one meaning (docs/protocols/telegram.md, Errors)."""

import json
from typing import Any

import pytest

from shared.channels.outcome import Outcome
from shared.channels.telegram import classify
from shared.clients.http import HttpResponse


def answer(code: int, description: str, **parameters: Any) -> bytes:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    return json.dumps(body | ({"parameters": parameters} if parameters else {})).encode()


@pytest.mark.parametrize(
    ("status", "body", "result"),
    [
        (200, b'{"ok":true,"result":{"message_id":5}}', "sent"),
        (200, b'{"ok":true,"result":true}', "sent"),
        (400, answer(400, "Bad Request: message is not modified: specified new message content …"), "sent"),
        (403, answer(403, "Forbidden: bot was blocked by the user"), "unreachable"),
        (403, answer(403, "Forbidden: something new"), "unreachable"),
        (400, answer(400, "Bad Request: chat not found"), "unreachable"),
        (400, answer(400, "Bad Request: message text is empty"), "bad_request"),
        (401, answer(401, "Unauthorized: invalid token specified"), "bot_refused"),
        (404, answer(404, "Not Found"), "bot_refused"),
        (409, answer(409, "Conflict"), "transient"),
        (500, answer(500, "Internal Server Error"), "transient"),
        (502, b"<html>Bad Gateway</html>", "transient"),
        (504, b"", "transient"),
        (200, b"<html>hello</html>", "ambiguous"),
        (200, b"", "ambiguous"),
        (200, answer(429, "Too Many Requests: retry after 7", retry_after=7), "rate_limited"),
        (400, b"[" * 100_000, "bad_request"),
    ],
)
def test_an_answer_is_classified(status: int, body: bytes, result: str) -> None:
    assert classify(HttpResponse(status, {}, body)).result == result


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({}, answer(429, "Too Many Requests", retry_after=7), 7.0),
        ({"retry-after": "9"}, answer(429, "Too Many Requests"), 9.0),
        ({}, answer(429, "Too Many Requests"), 5.0),
        ({"retry-after": "soon"}, answer(429, "x", retry_after="later"), 5.0),
        ({"retry-after": "12"}, b"<html>429</html>", 12.0),
        ({}, answer(429, "x", retry_after=-3), 1.0),
        ({}, answer(429, "x", retry_after=10**9), 3600.0),
        ({}, b'{"ok":false,"error_code":429,"parameters":{"retry_after":NaN}}', 5.0),
        ({}, b'{"ok":false,"error_code":429,"parameters":[]}', 5.0),
    ],
)
def test_a_429_says_how_long_in_all_its_shapes(headers: dict[str, str], body: bytes, seconds: float) -> None:
    outcome = classify(HttpResponse(429, headers, body))

    assert (outcome.result, outcome.retry_after) == ("rate_limited", seconds)


def test_a_sent_message_gives_its_id() -> None:
    assert classify(HttpResponse(200, {}, b'{"ok":true,"result":{"message_id":5}}')) == Outcome("sent", None, 200, 5)


@pytest.mark.parametrize(
    ("result", "message_id", "external_id"),
    [
        ([{"message_id": 5}, {"message_id": 6}], 5, "5,6"),
        ([{"message_id": 5}], 5, None),
        ([{"message_id": 5}, {}], 5, "5"),
        ([{}, {}], None, None),
        ([], None, None),
        ([True, None], None, None),
    ],
)
def test_an_album_gives_the_id_of_its_first_message_and_all_of_them(
    result: list[Any], message_id: int | None, external_id: str | None
) -> None:
    outcome = classify(HttpResponse(200, {}, json.dumps({"ok": True, "result": result}).encode()))

    assert (outcome.result, outcome.message_id, outcome.external_id) == ("sent", message_id, external_id)
