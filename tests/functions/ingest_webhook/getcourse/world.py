"""A school that calls ingest_webhook, and what its calls left in the database."""

import asyncio
import itertools
import json
import socket
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
import psycopg
from psycopg.rows import DictRow

from shared.credentials.cache import MIN_REFRESH_SECONDS
from tests.helpers import arrange, canaries, redelivery
from tests.helpers.serving import Served

SCHOOL = "/getcourse/school"
MAX_BYTES = 256_000
STORED = {"stored": 1, "duplicates": 0, "unparsed": 0}
DUPLICATE = {"stored": 0, "duplicates": 1, "unparsed": 0}
UNPARSED = {"stored": 0, "duplicates": 0, "unparsed": 1}
MOMENT = datetime(2026, 3, 2, 11, 36, 58, tzinfo=UTC)  # of the answers below
JSON_TYPE = {"content-type": "application/json"}
_numbers = itertools.count(501_000_001)


def new_id() -> str:
    """An answer id that no other test of this process uses."""
    return str(next(_numbers))


def answer(answer_id: str, **fields: Any) -> dict[str, Any]:
    """A lesson answer under our own field names, as the n8n flow sends it."""
    return {
        "event_date": "2026-03-02 14:36:58",
        "user_id": "512000001",
        "user_email": canaries.EMAIL,
        "answer_id": answer_id,
        "answer_training_id": "911000001",
        "answer_lesson_id": "334000001",
        "answer_status": "new",
        "answer_text": canaries.ANSWER,
        **fields,
    }


def subscription(answer_id: str, **fields: Any) -> dict[str, Any]:
    """The same answer as GetCourse's own subscription sends it: quoted id, no e-mail, a wrong `ts`."""
    return {
        "ts": "2026-03-02T14:36:58Z",
        "ts64": 1772451418,
        "answer": {
            "id": f"'{answer_id}'",
            "text": canaries.ANSWER,
            "type": "mission_answer",
            "status": "new",
            "deleted": 0,
            "user_id": 512000001,
            "lesson_id": 334000001,
            "created_at": "2026-03-02T14:36:58Z",
            "deleted_at": None,
            "lesson_name": "2.4 Дыхание",
            "questionary": [],
            "training_id": 911000001,
            "training_name": "Школа звонарей",
            "additional_fields": [],
            "lesson_teacher_id": None,
            **fields,
        },
        "eventType": "getcourse/lessonAnswerCreated",
        "gcAccountId": 77001,
    }


async def at_once(url: str, payloads: list[Any], path: str = SCHOOL, seconds: float = 120) -> list[httpx.Response]:
    """POST all of `payloads` in parallel, each on a connection of its own."""
    limits = httpx.Limits(max_connections=len(payloads))
    async with httpx.AsyncClient(timeout=seconds, trust_env=False, limits=limits) as client:
        header = {"x-webhook-secret": canaries.SOURCE_SECRET}
        return await asyncio.gather(*(client.post(url + path, json=payload, headers=header) for payload in payloads))


async def redelivered(url: str, payloads: list[Any], most: int = 5) -> list[httpx.Response]:
    """The same, and what is answered 503 comes again, as from a provider: a busy machine may be late."""
    responses = await at_once(url, payloads)
    for _ in range(most):
        again = [n for n, response in enumerate(responses) if response.status_code == 503]
        if not again:
            break
        for n, response in zip(again, await at_once(url, [payloads[n] for n in again]), strict=True):
            responses[n] = response
    return responses


@dataclass(frozen=True)
class World:
    """Calls the function and reads what it stored."""

    served: Served
    connection: psycopg.Connection[DictRow]
    http: httpx.Client = field(repr=False)

    def call(
        self,
        method: str = "POST",
        path: str = SCHOOL,
        *,
        query: str = "",
        secret: str | None = canaries.SOURCE_SECRET,
        **how: Any,
    ) -> httpx.Response:
        """One request; the secret goes first into the query, as GetCourse's administrators paste it."""
        secrets = [] if secret is None else [f"secret={quote(secret, safe='')}"]
        url = f"{self.served.url}{path}?{'&'.join([*secrets, *([query] if query else [])])}"
        return redelivery.redelivered(lambda: self.http.request(method, url, **how))

    def json(self, payload: Any, **how: Any) -> httpx.Response:
        """POST a JSON body, characters as they are."""
        body = json.dumps(payload, ensure_ascii=False).encode()
        return self.call(content=body, headers=JSON_TYPE, **how)

    def form(self, fields: dict[str, Any] | str, **how: Any) -> httpx.Response:
        """POST a form body."""
        body = fields if isinstance(fields, str) else urlencode(fields)
        return self.call(content=body.encode(), headers={"content-type": "application/x-www-form-urlencoded"}, **how)

    def add_source(self, name: str, **columns: Any) -> dict[str, Any]:
        """Another source; how to call it."""
        secret = f"{name}-{canaries.SOURCE_SECRET}"
        arrange.source(self.connection, name, secret, **columns)
        time.sleep(MIN_REFRESH_SECONDS + 0.05)
        return {"path": f"/getcourse/{name}", "secret": secret}

    def raw(self, request: bytes) -> tuple[int, bytes]:
        """Send bytes that no client library would, read until the end; status and body."""
        parts = urlsplit(self.served.url)
        with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=60) as connection:
            connection.sendall(request)
            received = b""
            while chunk := connection.recv(65536):
                received += chunk
        head, _, body = received.partition(b"\r\n\r\n")
        return int(head.split()[1]), body

    def events(self, answer_id: str) -> list[DictRow]:
        """The stored answers with this id."""
        query = "select * from getcourse.webhook_events where answer_id = %s order by id"
        return self.connection.execute(query, (answer_id,)).fetchall()

    def event(self, answer_id: str) -> DictRow:
        """The one stored answer with this id."""
        [row] = self.events(answer_id)
        return row

    def unparsed(self, response: httpx.Response) -> DictRow:
        """The row of the inbox that a call left, seen as people see it."""
        query = """select i.*, v.source, v.bytes from platform.inbox i join platform.v_unparsed v using (id)
                   where i.correlation_id = %s"""
        [row] = self.connection.execute(query, (response.headers["x-correlation-id"],)).fetchall()
        return row

    def account_events(self, object_id: str) -> list[DictRow]:
        """The stored events of an order, comment, dialog or call."""
        query = "select * from getcourse.account_events where object_id = %s order by id"
        return self.connection.execute(query, (object_id,)).fetchall()

    def count(self, table: str) -> int:
        """How many rows `table` has."""
        [row] = self.connection.execute(f"select count(*) as n from {table}").fetchall()
        return int(row["n"])
