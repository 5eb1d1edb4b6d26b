"""Honest traffic: six kinds at fixed rates, each over a connection of its own, from threads that wait nearly always.

A call's time runs from the moment it was due: who waits for the call before it is late as well.
"""

import itertools
import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException

import psycopg

from tests.benchmarks import payload
from tests.benchmarks.measuring import BenchmarkError
from tests.benchmarks.press import MANAGER
from tests.benchmarks.siege_world import World
from tests.helpers import canaries
from tests.helpers.worlds import support

PER_SECOND = {"webhook": 20, "page": 5, "question": 2, "file": 2, "message": 2, "press": 1}
TIMEOUT_SECONDS = 20.0
QUESTION = "Сколько стоит стрижка?"
JSON = {"Content-Type": "application/json"}
_REPLIED = """
    select u.phone, extract(epoch from o.finished_at)::float8
    from support.users u
    join support.conversations c on c.user_id = u.id
    join support.messages m on m.conversation_id = c.id and m.role = 'assistant'
    join platform.outbox o on o.id = m.outbox_id and o.state = 'sent' and o.bot_id <> %(telegram)s
    where u.phone = any(%(phones)s)
"""

Call = Callable[[HTTPConnection, int], tuple[int, bytes]]
_numbers = itertools.count(1)


@dataclass
class Traffic:
    """What came of it: milliseconds by kind, and how the others were refused."""

    milliseconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    refused: list[str] = field(default_factory=list)


class Honest:
    """Everybody who is honest. Numbers count on from run to run: nobody writes or presses twice."""

    def __init__(self, world: World) -> None:
        """`world` is where they call."""
        self._world = world
        self._pressed = iter(world.cards)
        self._written: dict[str, float] = {}  # when, by the phone of who did
        self._calls: Mapping[str, tuple[str, Call]] = {
            "webhook": ("ingest_webhook", self._webhook),
            "message": ("ingest_webhook", self._message),
            "press": ("telegram_webhook", self._press),
            "question": ("agent_reply", self._question),
            "page": ("learning_api", self._page),
            "file": ("serve_media", self._file),
        }

    def run(self, seconds: float) -> Traffic:
        """So many seconds of it."""
        traffic = Traffic()
        self._written.clear()
        started = time.time() + 0.05
        threads = [
            threading.Thread(target=self._keep_calling, args=(kind, started, seconds, traffic)) for kind in self._calls
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self._wait_for_replies(traffic)
        return traffic

    def _keep_calling(self, kind: str, started: float, seconds: float, traffic: Traffic) -> None:
        function, call = self._calls[kind]
        connection = HTTPConnection("127.0.0.1", self._world.functions[function].port, timeout=TIMEOUT_SECONDS)
        for place in range(max(1, round(PER_SECOND[kind] * seconds))):
            due = started + (place + 0.5) / PER_SECOND[kind]
            time.sleep(max(0.0, due - time.time()))
            try:
                status, body = call(connection, next(_numbers))
            except (OSError, HTTPException) as error:
                connection.close()
                status, body = 0, type(error).__name__.encode()
            if status != 200:
                traffic.refused.append(f"{kind} {status} {body[:200]!r}")
            elif kind != "message":
                traffic.milliseconds[kind].append((time.time() - due) * 1000)
        connection.close()

    def _ask(
        self, connection: HTTPConnection, path: str, body: str | None, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        connection.request("GET" if body is None else "POST", path, body and body.encode(), {**JSON, **headers})
        answer = connection.getresponse()
        return answer.status, answer.read()

    def _webhook(self, connection: HTTPConnection, number: int) -> tuple[int, bytes]:
        return self._ask(
            connection, f"/getcourse/school?secret={canaries.SOURCE_SECRET}", payload.body(f"S{number}"), {}
        )

    def _message(self, connection: HTTPConnection, number: int) -> tuple[int, bytes]:
        phone = f"7702{number:07}"
        body = {
            "messageType": "text", "message": QUESTION, "mediaData": None,
            "metadata": {"sender": "Айгерим", "timestamp": int(time.time()), "messageId": f"3EB0{number:016X}",
                         "remoteJid": f"{phone}@s.whatsapp.net"},
        }  # fmt: skip
        self._written[phone] = time.time()
        return self._ask(connection, "/whatsapp/echo", json.dumps(body), {"X-Webhook-Secret": canaries.SOURCE_SECRET})

    def _press(self, connection: HTTPConnection, number: int) -> tuple[int, bytes]:
        card = next(self._pressed)
        place = {"id": support.CHAT, "type": "supergroup", "title": "Салон"}
        query = {
            "id": str(5 * 10**18 + number), "from": {"id": MANAGER, "is_bot": False, "first_name": "Алия"},
            "message": {"message_id": card.message_id, "date": 1_770_000_000, "chat": place, "text": "Карточка"},
            "chat_instance": "-8", "data": f"support/take/{card.number}",
        }  # fmt: skip
        update = json.dumps({"update_id": 950_000_000 + number, "callback_query": query})
        status, body = self._ask(
            connection, "/echo-tg", update, {"X-Telegram-Bot-Api-Secret-Token": self._world.press_secret}
        )
        return (status, body) if "Вы взяли".encode() in body else (0, body)

    def _question(self, connection: HTTPConnection, number: int) -> tuple[int, bytes]:
        learner = self._world.learners[number % len(self._world.learners)]
        body = {"user_message": "Когда звонят в колокол?", "session_id": str(learner.session)}
        headers = {**learner.headers, "X-Device-Id": learner.device, "Idempotency-Key": f"honest-{number}"}
        return self._ask(connection, "/agents/mentor_chat/v1/reply", json.dumps(body), headers)

    def _page(self, connection: HTTPConnection, number: int) -> tuple[int, bytes]:
        learner = self._world.learners[number % len(self._world.learners)]
        path = f"/sessions/{learner.session}/messages/chat"
        return self._ask(connection, path, None, {**learner.headers, "X-Device-Id": learner.device})

    def _file(self, connection: HTTPConnection, _number: int) -> tuple[int, bytes]:
        return self._ask(connection, self._world.link, None, {})

    def _wait_for_replies(self, traffic: Traffic) -> None:
        """The time from a customer's message until the bot's reply has left. Raises BenchmarkError."""
        end = time.monotonic() + TIMEOUT_SECONDS
        with psycopg.connect(self._world.url, autocommit=True) as connection:
            row = connection.execute("select id from platform.bots where name = 'echo-tg'").fetchone()
            assert row
            parameters = {"telegram": row[0], "phones": list(self._written)}
            replied: dict[str, float] = {}
            while len(replied) < len(self._written):
                replied = dict(connection.execute(_REPLIED, parameters).fetchall())
                if time.monotonic() > end:
                    raise BenchmarkError(f"{len(replied)} of {len(self._written)} customers were answered")
                time.sleep(0.1)
        traffic.milliseconds["message"] += [
            (replied[phone] - written) * 1000 for phone, written in self._written.items()
        ]
