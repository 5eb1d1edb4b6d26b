"""Understands answers that were captured elsewhere: SAMPLES_DIR names a folder with a folder `openai`."""

import json
import os
from pathlib import Path

import pytest

from shared.clients.http import HttpResponse
from shared.clients.llm import ModelError, parse
from shared.clients.llm.retry import retry_delay
from shared.clients.llm.stream import StreamParser

FOLDER = os.environ.get("SAMPLES_DIR", "")


@pytest.fixture
def samples() -> dict[str, bytes]:
    if not FOLDER:
        pytest.skip("SAMPLES_DIR is not set")
    return {path.name: path.read_bytes() for path in sorted(Path(FOLDER, "openai").iterdir())}


def test_a_captured_answer_is_understood(samples: dict[str, bytes]) -> None:
    answers = [body for name, body in samples.items() if name.startswith("response")]

    assert answers
    for body in answers:
        said = json.loads(body)
        completion = parse(HttpResponse(200, {}, body))
        assert completion.text == said["choices"][0]["message"]["content"]
        assert completion.usage is not None
        assert completion.usage["total_tokens"] == said["usage"]["total_tokens"]


def test_a_captured_stream_is_understood(samples: dict[str, bytes]) -> None:
    streams = [body for name, body in samples.items() if name.startswith("stream")]

    assert streams
    for body in streams:
        pieces = StreamParser()
        received = "".join(piece for at in range(0, len(body), 11) for piece in pieces.feed(body[at : at + 11]))
        assert received == pieces.completion().text


def test_captured_errors_are_known(samples: dict[str, bytes]) -> None:
    kinds = {"401": "refused", "429": "rate_limited"}
    errors = {name.removeprefix("error_")[:3]: body for name, body in samples.items() if name.startswith("error_")}

    assert errors
    for status, body in errors.items():
        with pytest.raises(ModelError, match=f"^{kinds[status]}$"):
            parse(HttpResponse(int(status), {}, body))


def test_captured_limits_are_waited_for(samples: dict[str, bytes]) -> None:
    headers = json.loads(samples["rate_limit_headers.json"])
    [body] = [body for name, body in samples.items() if name.startswith("error_429")]

    assert retry_delay(HttpResponse(429, headers, body)) == 0.12
