"""What is called like a key or a password is emptied in what is kept, and nothing else is touched."""

import json
import time
from typing import Any

import pytest

from functions.ingest_webhook.secret_fields import NAMES, without_secrets
from tests.helpers import canaries

KEY = canaries.SIGNING_SECRET


@pytest.mark.parametrize("name", [*NAMES, "ApiKey", "AUTHORIZATION"])
@pytest.mark.parametrize(
    "value", [KEY, f'{KEY}"\\ё', 7_000_000_001, -1.5e7, [f"Bearer {KEY}", KEY], {"type": "x", "value": KEY}, ""]
)
def test_a_secret_is_emptied_at_any_depth_and_quoted_as_deep(name: str, value: Any) -> None:
    def body(kept: Any) -> list[Any]:
        return [{name: kept, "x": 1}, {"data": [{"deep": {name: kept}}], "x": [1, None, "t"]}]

    for sent, expected in zip(body(value), body(""), strict=True):
        for content in (json.dumps(sent), json.dumps(sent, ensure_ascii=False, indent=2)):
            assert json.loads(without_secrets(content.encode())) == expected


def test_json_inside_of_strings_is_json() -> None:
    inner = json.dumps({"apikey": KEY, "x": 1})
    once, twice = json.dumps({"body": inner}), json.dumps(json.dumps({"body": inner}))

    assert json.loads(json.loads(without_secrets(once.encode()))["body"]) == {"apikey": "", "x": 1}
    assert json.loads(json.loads(json.loads(without_secrets(twice.encode())))["body"]) == {"apikey": "", "x": 1}


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        (b"apikey=abc&x=1&Token=9", b"apikey=&x=1&Token="),
        (b"?access_token=abc", b"?access_token="),
        (b"payload=%7B%22apikey%22%3A%22abc%22%7D&a=b", b"payload=%7B%22apikey%22%3A%22%22%7D&a=b"),
        (b'{"apikey":"cut off', b'{"apikey":"'),
        (b'{"apikey": "a", \xff broken', b'{"apikey": "", \xff broken'),
        (b'{"tokens":"t","my_token":"t","key":"k"}', b'{"tokens":"t","my_token":"t","key":"k"}'),
        (b'{"apikey":null,"text":"the token: \\"abc\\""}', b'{"apikey":null,"text":"the token: \\"abc\\""}'),
        (b"", b""),
    ],
)  # fmt: skip
def test_forms_pieces_and_other_names(content: bytes, kept: bytes) -> None:
    assert without_secrets(content) == kept
    assert without_secrets(kept) == kept


@pytest.mark.parametrize(
    "content",
    [
        b'"token":' * 300_000, b"\\" * 2_500_000 + b"token", b'"token":"' + b"\\" * 2_500_000,
        b'"token":[' + b'"a",' * 600_000, b"token=&" * 350_000, b'"' * 2_500_000 + b"token", b"%22token" * 300_000,
    ],
)  # fmt: skip
def test_no_body_makes_it_slow(content: bytes) -> None:
    started = time.process_time()
    without_secrets(content)
    assert time.process_time() - started < 3
