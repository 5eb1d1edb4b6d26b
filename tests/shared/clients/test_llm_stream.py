"""The language model's answer as it is being said, over real HTTP: at once, bounded, and never half of it as all."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest

from infra.sandbox.server import running
from shared.clients.llm import STREAM_DEADLINES, Completion, ModelError
from tests.helpers import canaries, waiting
from tests.helpers.serving import free_port
from tests.shared.clients.llm_server import ASKED, KEY, SAID, Asking, asking_with, model_at

USAGE = {"prompt_tokens": 8, "completion_tokens": 7, "total_tokens": 15}


@pytest.fixture
async def asking() -> AsyncIterator[Asking]:
    async with asking_with() as made:
        yield made


async def until(asking: Asking, column: str) -> bool:
    """Wait until the last row of the journal says so."""
    await waiting.until(lambda: asking.sandbox.journal and asking.sandbox.journal[-1][column])
    return True


async def test_an_answer_comes_in_pieces_and_then_whole(asking: Asking) -> None:
    *pieces, whole = await asking.stream()

    assert pieces == ["С", " удовольствием", " подскажу.", " Адрес:", " улица", " Абая,", " 10"]
    assert whole == Completion(SAID, USAGE) == await asking.model.complete(ASKED, max_tokens=100)
    assert asking.sandbox.journal[0]["asked"] == {
        "model": "small", "messages": ASKED, "max_tokens": 100,
        "stream": True, "stream_options": {"include_usage": True},
    }  # fmt: skip


async def test_a_stream_too_is_asked_for_by_the_new_name_of_a_limit() -> None:
    async with asking_with(LLM_MODEL="small-new") as asking:
        *_, first = await asking.stream()
        await asking.stream()

    assert isinstance(first, Completion)
    assert first.text == SAID
    assert asking.statuses == [400, 200, 200]


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        ({"does": "drop"}, "no_answer", 0),
        ({"does": "hang", "seconds": 0.1}, "no_answer", 0),
        ({"does": "break"}, "no_answer", 3),
        ({"does": "stall", "seconds": 0.1}, "no_answer", 3),
        ({"does": "limit", "seconds": 90}, "rate_limited", 0),
        ({"does": "quota"}, "quota", 0),
        ({"does": "status", "status": 402}, "quota", 0),
        ({"does": "status", "status": 401}, "refused", 0),
        ({"does": "status", "status": 400}, "bad_request", 0),
        ({"does": "status", "status": 500}, "server_error", 0),
        ({"does": "garbage"}, "garbage", 0),
        ({"does": "empty"}, "empty", 0),
        ({"does": "filter"}, "content_filter", 3),
        ({"does": "cut"}, "cut", 3),
    ],
)
async def test_what_went_wrong_has_one_word_and_no_second_try(
    asking: Asking,
    fault: dict[str, Any],
    kind: str,
    words: int,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    asking.sandbox.fail(**fault)
    received = []
    with pytest.raises(ModelError) as caught:
        async for piece in asking.model.stream(
            [*ASKED, {"role": "assistant", "content": canaries.ANSWER}], max_tokens=99
        ):
            received.append(piece)  # noqa: PERF401 - what came before the failure counts

    assert caught.value.kind == kind
    assert received == ["С", " удовольствием", " подскажу."][:words]
    assert len(asking.sandbox.journal) == 1
    printed = [record.getMessage() for record in caplog.records]
    assert not [line for line in (*printed, *capfd.readouterr()) if KEY in line or canaries.ANSWER in line]
    assert (await asking.stream())[-1] == Completion(SAID, USAGE), "the next question is answered"


@pytest.mark.parametrize(("does", "more"), [("nul", []), ("no_done", []), ("split", [" 🏠"])])
async def test_what_is_only_odd_is_understood(asking: Asking, does: str, more: list[str]) -> None:
    asking.sandbox.fail(does=does)
    *pieces, whole = await asking.stream()

    assert asking.sandbox.journal[0]["fault"] == does
    assert isinstance(whole, Completion)
    assert whole.text == "".join([SAID, *more]) == "".join(str(piece) for piece in pieces)
    assert pieces[7:] == more


async def test_a_piece_comes_before_the_next_word_is_said(asking: Asking) -> None:
    asking.sandbox.between = 30
    async with aclosing(asking.model.stream(ASKED, max_tokens=100)) as pieces:
        assert await anext(pieces) == "С"

    assert await until(asking, "left"), "who stops to read hangs up"


async def test_who_is_cancelled_hangs_up(asking: Asking) -> None:
    asking.sandbox.between = 30
    reading = asyncio.create_task(asking.stream())
    await until(asking, "status")
    reading.cancel()

    with pytest.raises(asyncio.CancelledError):
        await reading
    assert await until(asking, "left")


async def test_reading_to_the_end_is_no_hang_up(asking: Asking) -> None:
    asking.sandbox.between = 0.01
    await asking.stream()

    assert [(row["streamed"], row["left"]) for row in asking.sandbox.journal] == [(True, False)]


@pytest.mark.parametrize(("does", "words"), [("hang", 0), ("stall", 3)])
async def test_no_piece_takes_longer_than_the_deadline(does: str, words: int) -> None:
    async with asking_with(LLM_DEADLINE_SECONDS="1.5") as asking:
        await asking.stream()  # which loads what a call needs
        asking.sandbox.fail(does=does)
        started, received = time.monotonic(), 0
        with pytest.raises(ModelError, match=r"^timeout$"):
            async for _ in asking.model.stream(ASKED, max_tokens=100):
                received += 1

        assert received == words
        assert 1.5 <= time.monotonic() - started < 20
        assert await until(asking, "left")


async def test_all_pieces_take_no_longer_than_some_deadlines() -> None:
    async with asking_with(LLM_DEADLINE_SECONDS="1.5") as asking:
        await asking.stream()
        asking.sandbox.between = 0.9  # six times
        started, received = time.monotonic(), 0
        with pytest.raises(ModelError, match=r"^timeout$"):
            async for _ in asking.model.stream(ASKED, max_tokens=100):
                received += 1

        assert 2 < received < len(SAID.split())
        assert time.monotonic() - started >= 1.5 * STREAM_DEADLINES
        assert await until(asking, "left")


async def test_a_deadline_does_not_interrupt_who_reads() -> None:
    async with asking_with(LLM_DEADLINE_SECONDS="1.5") as asking:
        await asking.stream()  # which loads what a call needs
        received: list[str | Completion] = []
        async for piece in asking.model.stream(ASKED, max_tokens=100):
            await asyncio.sleep(0 if received else 1.6)
            received.append(piece)

        assert received[-1] == Completion(SAID, USAGE)


async def test_without_an_address_or_a_server_there_is_no_stream() -> None:
    async with model_at("", LLM_MODEL="") as none, model_at(f"http://127.0.0.1:{free_port()}/v1") as away:
        for model in (none, away):
            with pytest.raises(ModelError, match=r"^not_connected$"):
                await anext(model.stream(ASKED, max_tokens=1))


async def test_a_server_that_is_back_at_once_is_asked_again() -> None:
    port = free_port()
    async with model_at(f"http://127.0.0.1:{port}/model/v1") as model:
        with pytest.raises(ModelError):
            await model.complete(ASKED, max_tokens=100)
        first = asyncio.ensure_future(anext(pieces := model.stream(ASKED, max_tokens=100)))
        await asyncio.sleep(0.1)  # the first try is over by then
        async with running(port):
            assert await first == "С"
            await pieces.aclose()


async def test_a_short_pause_is_kept_once(asking: Asking) -> None:
    asking.sandbox.fail(does="limit", seconds=0.2)
    started = time.monotonic()

    assert (await asking.stream())[-1] == Completion(SAID, USAGE)
    assert time.monotonic() - started >= 0.2
    assert asking.statuses == [429, 200]


async def test_a_second_limit_is_final(asking: Asking) -> None:
    asking.sandbox.fail(does="limit", seconds=0.1, times=3)

    with pytest.raises(ModelError, match=r"^rate_limited$"):
        await asking.stream()
    assert asking.statuses == [429, 429]
