"""agent_reply over the bare model call, 16 connections; and how long a streamed word is on its way through it."""

import asyncio
import itertools
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection
from typing import Any

import psycopg
from psycopg.rows import dict_row

from tests.benchmarks import servers
from tests.benchmarks.load import MARK, Requests, drive
from tests.benchmarks.measuring import BenchmarkError, Plan, Result, median, percentile
from tests.benchmarks.servers import Running
from tests.helpers import learning
from tests.helpers.learning import Learner

CONNECTIONS = 16
MODEL_SECONDS = 0.3  # a quick model; slower ones would leave the machine idle, and the overhead would look smaller
SECONDS_APART = MODEL_SECONDS / CONNECTIONS  # people do not ask in step, as connections that began together would
PIECE_SECONDS = 0.01  # between two words of a stream
STREAMS_PER_SECOND_OF_PLAN = 1
HISTORY = 20  # messages that the agent remembers
KEY = "sandbox"
QUESTION = "Чем отличается колокол от колокольчика, и когда в него звонят?"
TEMPLATE = "Ты наставник курса «{{track_title}}». Цель курса: {{track_goal}}.\n" + "\n".join(
    f"Правило {number}: отвечай коротко, по делу и с примером из урока номер {number}." for number in range(20)
)
AGENT = "/agents/mentor_chat/v1/reply"
_starts = itertools.count(0, 1_000_000)  # every run has its own keys
GOALS = {"p50_overhead_ms": "<= 10", "p99_overhead_ms": "<= 40", "first_piece_ms": "<= 5"}


@dataclass(frozen=True)
class Contender:
    """Where the same question is asked."""

    url: str
    bodies: Sequence[str]
    headers: Mapping[str, str]


def measure(plan: Plan) -> Result:
    """Ask the model directly and through the agent, in turn; then listen to streams."""
    with servers.database() as url:
        with psycopg.connect(url, autocommit=True, row_factory=dict_row) as connection:
            learners = _arrange(connection)
        sandbox = servers.start_module(["infra.sandbox"], plan.printed / "sandbox.log")
        with servers.serving(sandbox), servers.serving(_function(url, sandbox, plan)) as agent:
            through, bare = _through(agent, learners), _bare(sandbox, url, learners[0])
            for contender in (through, bare):
                _loaded(contender, 0)  # imports, connections
            _control(sandbox, seconds=MODEL_SECONDS)
            before = servers.cpu_seconds(agent)
            measured = plan.interleave("reply", {
                "through": partial(_loaded, through, plan.seconds), "bare": partial(_loaded, bare, plan.seconds),
            })  # fmt: skip
            used = servers.cpu_seconds(agent) - before
            _control(sandbox, between=PIECE_SECONDS)
            count = max(3, round(plan.rounds * plan.seconds * STREAMS_PER_SECOND_OF_PLAN))
            pieces = [_first_piece(sandbox, through) for _ in range(count)]
    ms = {name: [seconds * 1000 for calls in rounds for seconds in calls] for name, rounds in measured.items()}
    figures: dict[str, float | str] = {
        "p50_overhead_ms": percentile(ms["through"], 50) - percentile(ms["bare"], 50),
        "p99_overhead_ms": percentile(ms["through"], 99) - percentile(ms["bare"], 99),
        "first_piece_ms": median(pieces),
        "bare_p50_ms": percentile(ms["bare"], 50),
        "bare_p99_ms": percentile(ms["bare"], 99),
        "cpu_ms": used * 1000 / len(ms["through"]),
        "replies": len(ms["through"]),
    }
    figures = {name: round(value, 3) if isinstance(value, float) else value for name, value in figures.items()}
    return Result("reply", figures, {}, GOALS)


def _arrange(connection: learning.Plain) -> list[Learner]:
    """A learner for each connection, in the middle of a conversation, and the mentor's prompt."""
    client = learning.client(connection)
    learners = [learning.learner(connection, client) for _ in range(CONNECTIONS)]
    learning.template(connection, TEMPLATE)
    for learner in learners:
        for number in range(HISTORY):
            role = "assistant" if number % 2 else "user"
            learning.insert(
                connection, "learning.chat_messages", thread_id=learner.threads["chat"], role=role,
                content=f"Реплика {number}: колокол слышен издалека, если звонить в него вовремя.",
            )  # fmt: skip
    connection.execute("vacuum analyze")
    return learners


def _function(url: str, sandbox: Running, plan: Plan) -> Running:
    settings = {
        "DATABASE_URL": url, "LLM_API_URL": f"{sandbox.url}/model/v1", "LLM_API_KEY": KEY, "LLM_MODEL": "sandbox",
    }  # fmt: skip
    return servers.start(servers.function("agent_reply"), "agent_reply", plan.printed, **servers.ASGI, **settings)


def _through(agent: Running, learners: Sequence[Learner]) -> Contender:
    """Everything that a front end asks for: effects, the user's message too, once per key."""
    body = {"user_message": QUESTION, "apply_side_effects": True, "store_user_message": True}
    bodies = [json.dumps(body | {"session_id": str(learner.session)}) for learner in learners]
    headers = learners[0].headers | {"Idempotency-Key": MARK}
    return Contender(f"{agent.url}{AGENT}", bodies, headers)


def _bare(sandbox: Running, url: str, learner: Learner) -> Contender:
    """A question of the same size: what the agent would send."""
    with psycopg.connect(url, row_factory=dict_row) as connection:
        history = learning.messages(connection, learner.threads["chat"])
    messages = [
        {"role": "system", "content": TEMPLATE},
        *({"role": message["role"], "content": message["content"]} for message in history),
        {"role": "user", "content": QUESTION},
    ]
    body = {"model": "sandbox", "messages": messages, "max_tokens": 1500}
    address = f"{sandbox.url}/model/v1/chat/completions"
    return Contender(address, [json.dumps(body)], {"Authorization": f"Bearer {KEY}"})


def _loaded(contender: Contender, seconds: float) -> list[float]:
    """Seconds of each call. Raises BenchmarkError when one failed."""
    requests = Requests(contender.url, contender.bodies, seconds + MODEL_SECONDS, next(_starts), contender.headers)
    asyncio.run(drive(contender.url, requests, CONNECTIONS, SECONDS_APART))
    if set(requests.statuses) != {200}:
        raise BenchmarkError(f"answers by status: {dict(requests.statuses)}")
    return requests.latencies


def _control(sandbox: Running, **latency: float) -> None:
    _call(sandbox, "POST", "/_sandbox/model/latency", latency)


def _call(sandbox: Running, method: str, path: str, body: Any = None) -> Any:
    connection = HTTPConnection("127.0.0.1", sandbox.port, timeout=30)
    connection.request(method, path, json.dumps(body) if body is not None else None)
    content = json.loads(connection.getresponse().read())
    connection.close()
    return content


def _first_piece(sandbox: Running, contender: Contender) -> float:
    """Milliseconds from the model's first word to the first event of the agent."""
    port = int(contender.url.split(":")[2].split("/")[0])
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {**contender.headers, "Accept": "text/event-stream", "Content-Type": "application/json"}
    headers["Idempotency-Key"] = f"stream-{next(_starts)}"
    connection.request("POST", AGENT, contender.bodies[0], headers)
    answer = connection.getresponse()
    answer.readline()
    received = time.time()
    if b"event: done" not in answer.read():
        raise BenchmarkError("a stream was not whole")
    connection.close()
    spoke: float = _call(sandbox, "GET", "/_sandbox/model/journal")[-1]["spoke_unix"]
    return (received - spoke) * 1000
