"""The language model's client, over real HTTP: an answer within the deadline, or one word why there is none."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from infra.sandbox.server import running
from shared import config
from shared.clients.llm import Completion, Model, ModelError
from tests.helpers import canaries
from tests.helpers.serving import free_port
from tests.helpers.waiting import shortest
from tests.shared.clients.llm_server import ASKED, KEY, SAID, Asking, asking_with, model_at, serving


@pytest.fixture
async def asking() -> AsyncIterator[Asking]:
    async with asking_with() as made:
        yield made


async def test_a_question_is_answered(asking: Asking) -> None:
    answer = await asking.model.complete(ASKED, max_tokens=100)

    assert answer == Completion(SAID, {"prompt_tokens": 8, "completion_tokens": 7, "total_tokens": 15})
    assert asking.sandbox.journal[0]["asked"] == {"model": "small", "messages": ASKED, "max_tokens": 100}


async def test_a_json_object_is_requested_by_response_format(asking: Asking) -> None:
    messages = [{"role": "system", "content": "Answer in JSON."}, {"role": "user", "content": "Сколько стоит?"}]
    answer = await asking.model.complete(messages, json_object=True, max_tokens=100)

    assert json.loads(answer.text) == {"intent": "price", "confidence": 0.93}
    assert asking.sandbox.journal[0]["asked"]["response_format"] == {"type": "json_object"}


async def test_a_model_that_knows_only_max_completion_tokens_gets_that_from_then_on() -> None:
    async with asking_with(LLM_MODEL="small-new") as asking:
        first = await asyncio.gather(*(asking.model.complete(ASKED, max_tokens=100) for _ in range(3)))
        later = await asking.model.complete(ASKED, max_tokens=100)

    assert {answer.text for answer in [*first, later]} == {SAID}
    assert asking.statuses[-1] == 200
    assert len(asking.statuses) <= 7
    assert asking.sandbox.journal[-1]["asked"] == {
        "model": "small-new",
        "messages": ASKED,
        "max_completion_tokens": 100,
    }


async def test_without_an_address_there_is_no_model() -> None:
    async with model_at("", LLM_MODEL="") as none, model_at("http://127.0.0.1:9/v1") as some:
        assert (none.is_configured, some.is_configured) == (False, True)
        with pytest.raises(ModelError, match=r"^not_connected$"):
            await none.complete(ASKED, max_tokens=1)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"does": "drop"}, "no_answer"),
        ({"does": "hang", "seconds": 0.1}, "no_answer"),
        ({"does": "limit", "seconds": 90}, "rate_limited"),
        ({"does": "quota"}, "quota"),
        ({"does": "status", "status": 402}, "quota"),
        ({"does": "status", "status": 401}, "refused"),
        ({"does": "status", "status": 403}, "refused"),
        ({"does": "status", "status": 404}, "refused"),
        ({"does": "status", "status": 400}, "bad_request"),
        ({"does": "status", "status": 500}, "server_error"),
        ({"does": "garbage"}, "garbage"),
        ({"does": "empty"}, "empty"),
        ({"does": "filter"}, "content_filter"),
        ({"does": "cut"}, "cut"),
    ],
)
async def test_what_went_wrong_has_one_word_and_no_second_try(
    asking: Asking,
    fault: dict[str, Any],
    kind: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    asking.sandbox.fail(**fault)
    spoken = [{"role": "user", "content": canaries.ANSWER}]

    assert await asking.failure(spoken) == kind
    assert len(asking.sandbox.journal) == 1
    printed = [record.getMessage() for record in caplog.records]
    assert not [line for line in (*printed, *capfd.readouterr()) if KEY in line or canaries.ANSWER in line]
    assert (await asking.model.complete(ASKED, max_tokens=100)).text == SAID, "the next question is answered"


async def test_more_words_than_allowed_are_cut(asking: Asking) -> None:
    with pytest.raises(ModelError, match=r"^cut$"):
        await asking.model.complete(ASKED, max_tokens=3)


async def test_a_key_that_is_missing_is_refused() -> None:
    async with asking_with(LLM_API_KEY="") as asking:
        assert await asking.failure() == "refused"
        assert asking.statuses == [401]


async def test_the_deadline_is_wall_clock() -> None:
    async with asking_with(LLM_DEADLINE_SECONDS="1.5") as asking:
        await asking.model.complete(ASKED, max_tokens=100)  # which loads what a call needs
        asking.sandbox.latency = 30
        started = time.monotonic()

        assert await asking.failure() == "timeout"
        assert 1.5 <= time.monotonic() - started < 20
        asking.sandbox.latency = 0
        assert (await asking.model.complete(ASKED, max_tokens=100)).text == SAID


async def test_the_deadline_has_the_second_try_in_it() -> None:
    async with asking_with(LLM_DEADLINE_SECONDS="0.5") as asking:

        async def fail() -> None:
            asking.sandbox.fail(does="limit", seconds=1)
            assert await asking.failure() == "timeout"

        await fail()  # which loads what a call needs
        before = len(asking.statuses)
        assert await shortest(fail, 1) < 1
        assert set(asking.statuses[before:]) == {429}


async def test_a_server_that_does_not_listen_is_not_connected() -> None:
    async with model_at(f"http://127.0.0.1:{free_port()}/v1") as model:
        with pytest.raises(ModelError, match=r"^not_connected$"):
            await model.complete(ASKED, max_tokens=100)


async def test_a_server_that_is_back_at_once_is_asked_again() -> None:
    port = free_port()
    async with model_at(f"http://127.0.0.1:{port}/model/v1") as model:
        with pytest.raises(ModelError):
            await model.complete(ASKED, max_tokens=100)
        answer = asyncio.create_task(model.complete(ASKED, max_tokens=100))
        await asyncio.sleep(0.1)  # the first try is over by then
        async with running(port):
            assert (await answer).text == SAID


@pytest.mark.parametrize("seconds", [0.2, 1])  # one says it in the limit's headers, the other in Retry-After
async def test_a_short_pause_is_kept_once(asking: Asking, seconds: float) -> None:
    asking.sandbox.fail(does="limit", seconds=seconds)
    started = time.monotonic()

    assert (await asking.model.complete(ASKED, max_tokens=100)).text == SAID
    assert time.monotonic() - started >= seconds
    assert asking.statuses == [429, 200]


async def test_a_second_limit_is_final(asking: Asking) -> None:
    asking.sandbox.fail(does="limit", seconds=0.1, times=3)

    assert await asking.failure() == "rate_limited"
    assert asking.statuses == [429, 429]


@pytest.mark.parametrize(
    ("headers", "tries"),
    [
        ({}, 1),
        ({"Retry-After": "2"}, 1),
        ({"Retry-After": "Sat, 21 Nov 2026 13:00:00 GMT"}, 1),
        ({"Retry-After": "-1"}, 1),
        ({"x-ratelimit-reset-requests": "120ms", "x-ratelimit-reset-tokens": "1m0.5s"}, 1),
        ({"x-ratelimit-reset-requests": "120ms", "x-ratelimit-reset-tokens": "soon"}, 1),
        ({"x-ratelimit-reset-requests": "120ms"}, 2),
        ({"x-ratelimit-reset-tokens": "0.1s"}, 2),
        ({"Retry-After": "0", "x-ratelimit-reset-tokens": "1h"}, 2),
    ],
)
async def test_only_a_pause_that_is_known_and_short_is_kept(headers: dict[str, str], tries: int) -> None:
    met = 0

    async def limit(writer: asyncio.StreamWriter) -> None:
        nonlocal met
        met += 1
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        writer.write(f"HTTP/1.1 429 Slow down\r\nConnection: close\r\nContent-Length: 0\r\n{lines}\r\n".encode())

    async with serving(limit) as url, model_at(url) as model:
        with pytest.raises(ModelError, match=r"^rate_limited$"):
            await model.complete(ASKED, max_tokens=100)

    assert met == tries


async def test_texts_go_out_and_come_in_fit_for_utf_8_and_postgres(asking: Asking) -> None:
    asking.sandbox.fail(does="nul")
    answer = await asking.model.complete([ASKED[0], {"role": "user", "content": "Адр\x00ес\ud800 🏠?"}], max_tokens=100)

    assert answer.text == SAID
    assert asking.sandbox.journal[0]["asked"]["messages"][1]["content"] == "Адрес 🏠?"
    assert asking.sandbox.journal[0]["answer"] == f"\x00{SAID}\ud800", "or nothing was cleaned"


def test_nothing_of_what_was_said_is_in_a_repr() -> None:
    settings = config.load({"DATABASE_URL": "postgresql://h/d", "LLM_API_KEY": KEY})

    assert KEY not in repr((settings, Model(settings)))
    assert canaries.ANSWER not in repr(Completion(canaries.ANSWER, None))
