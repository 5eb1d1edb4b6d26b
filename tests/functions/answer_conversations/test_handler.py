"""The function as it is deployed: who may call it, and that it comes to an end."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow

from tests.conftest import rows
from tests.helpers import arrange, canaries
from tests.helpers.serving import Served, sandbox_process, serve
from tests.helpers.threads import serve_in_thread
from tests.helpers.worlds import support
from tests.helpers.worlds.support import Desk

HEADERS = {"x-cron-secret": canaries.CRON_SECRET}
Plain = psycopg.Connection[DictRow]


@pytest.fixture
def sandbox(printed: Path) -> Iterator[str]:
    with sandbox_process(printed) as url:
        yield url


@pytest.fixture
def opened(connection: Plain) -> Desk:
    found = support.desk(connection)
    for name, text in (("classifier", "Классификатор"), ("system_prompt", f"Цены: стрижка 6000 {canaries.ANSWER}")):
        support.insert(connection, "support.prompts", name=name, text=text)
    return found


@pytest.fixture
def settings(database_url: str, sandbox: str) -> dict[str, str]:
    return {
        "DATABASE_URL": database_url, "SECRETS_KEY": arrange.SECRETS_KEY, "CRON_SECRET": canaries.CRON_SECRET,
        "LLM_API_URL": f"{sandbox}/model/v1", "LLM_API_KEY": "canary", "LLM_MODEL": "sandbox", "LOG_LEVEL": "DEBUG",
    }  # fmt: skip


@pytest.fixture
def served(settings: dict[str, str], printed: Path) -> Iterator[Served]:
    with serve_in_thread("answer_conversations", printed, **settings) as served:
        yield served


def asks(connection: Plain, opened: Desk, due: str = "0 seconds") -> None:
    where = support.conversation(connection, opened, name=canaries.STUDENT)
    values = {"conversation_id": where, "client_id": opened.id, "role": "user"}
    support.insert(connection, "support.messages", **values, content=f"Сколько стоит стрижка? {canaries.ANSWER}")
    connection.execute("update support.conversations set answer_due_at = clock_timestamp() + %s::interval", (due,))


def tick(served: Served) -> httpx.Response:
    return httpx.post(served.url, headers=HEADERS, trust_env=False, timeout=60)


def test_it_answers_what_it_did_and_prints_nobodys_words(connection: Plain, opened: Desk, served: Served) -> None:
    asks(connection, opened)

    answer = tick(served)

    assert answer.json() == {"done": 1, "remaining": 0, "answered": 1, "handed_over": 0, "quiet": 0}
    assert canaries.ANSWER not in served.output.read_text()
    [run] = rows(connection, "select report from platform.job_runs where function = 'answer_conversations'")
    assert run["report"]["answered"] == 1


@pytest.mark.usefixtures("opened")
def test_an_unauthenticated_caller_learns_nothing(served: Served) -> None:
    answer = httpx.post(served.url, headers={"x-cron-secret": "wrong"}, trust_env=False)

    assert answer.status_code == 404


def test_who_pokes_while_it_runs_joins_the_run(connection: Plain, opened: Desk, served: Served) -> None:
    asks(connection, opened, due="2 seconds")
    first: list[httpx.Response] = []
    thread = threading.Thread(target=lambda: first.append(tick(served)))
    thread.start()
    time.sleep(0.7)

    assert tick(served).json() == {"joined": True}
    thread.join()
    assert first[0].json()["answered"] == 1, first[0].text


def test_a_process_that_is_killed_while_the_model_thinks_loses_nothing_and_says_nothing_twice(
    connection: Plain, opened: Desk, settings: dict[str, str], sandbox: str, printed: Path
) -> None:
    httpx.post(f"{sandbox}/_sandbox/model/latency", json={"seconds": 5}, trust_env=False)
    asks(connection, opened)
    with serve("answer_conversations", printed, **settings) as dying:
        threading.Thread(target=_ask, args=(dying,), daemon=True).start()
        _wait_until_it_thinks(sandbox)
        os.killpg(dying.process.pid, signal.SIGKILL)
    httpx.post(f"{sandbox}/_sandbox/model/latency", json={"seconds": 0}, trust_env=False)
    connection.execute("update support.conversations set answer_due_at = now()")  # its lease is over

    with serve("answer_conversations", printed, **settings) as served:
        assert tick(served).json()["answered"] == 1

    assert len(rows(connection, "select from support.messages where role = 'assistant'")) == 1
    assert len(rows(connection, "select from platform.outbox where kind = 'support/bot-reply'")) == 1


def _wait_until_it_thinks(sandbox: str) -> None:
    give_up_at = time.monotonic() + 240
    while not httpx.get(f"{sandbox}/_sandbox/model/journal", trust_env=False).json():
        assert time.monotonic() < give_up_at
        time.sleep(0.05)


def _ask(dying: Served) -> None:
    with contextlib.suppress(httpx.HTTPError):
        tick(dying)
