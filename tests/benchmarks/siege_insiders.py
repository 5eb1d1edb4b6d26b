"""Attacks of those who have something: a desk's customer, a learner of a public page, whoever was given a link."""

import asyncio
import contextlib
import itertools
import json
import secrets
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any

from shared.learning import limits
from tests.benchmarks.siege_calls import CONNECTIONS, PER_SECOND, Json, Line, http, paced, post

FLOOD, LIGATURE = 25, "ﷺ" * 65_536
WAITERS = 200
UNTIL_REFUSED = 260  # notes and messages, in turns, until a device has stored what it may in an hour
READERS, READ_BYTES, READ_SECONDS = 64, 65_536, 0.1
MACHINE_PER_SECOND = 10.0

_numbers = itertools.count(time.time_ns() // 1_000_000)


def _written(jid: str, text: str) -> bytes:
    metadata = {"sender": "A", "timestamp": int(time.time()), "messageId": uuid.uuid4().hex.upper(), "remoteJid": jid}
    return json.dumps({"messageType": "text", "message": text, "metadata": metadata, "mediaData": None}).encode()


def _to_rival(world: Json, jid: str, text: str) -> bytes:
    return http("POST", "/whatsapp/rival", _written(jid, text), {"X-Webhook-Secret": world["secret"]})


async def ligatures(world: Json, seconds: float) -> Counter[int]:
    """25 of the longest messages, each letter of which becomes eighteen."""
    jid = f"7703{next(_numbers) % 10**7:07}@s.whatsapp.net"
    requests = [_to_rival(world, jid, LIGATURE) for _ in range(FLOOD)]
    return await paced(world["urls"]["ingest_webhook"], iter(requests), 1000, seconds, FLOOD)


async def machines(world: Json, seconds: float) -> Counter[int]:
    """A customer who is a machine and always has another question."""
    jid = f"7704{next(_numbers) % 10**7:07}@s.whatsapp.net"
    requests = (_to_rival(world, jid, f"Сколько стоит стрижка номер {n}?") for n in itertools.count())
    return await paced(world["urls"]["ingest_webhook"], requests, MACHINE_PER_SECOND, seconds, 4)


async def _device(world: Json) -> tuple[str, dict[str, str]]:
    """A new session of a new device; its id, and the headers of its calls."""
    device = str(uuid.uuid4())
    headers = {"Authorization": f"Bearer {world['token']}", "X-Device-Id": device}
    body = {"deviceId": device, "trackSlug": world["track"]}
    session = await post(world["urls"]["learning_api"], "/sessions", body, headers)
    return str(session.get("id", uuid.UUID(int=0))), headers


async def token(world: Json, seconds: float) -> Counter[int]:
    """A public page's token in a loop: new notes, messages, questions, devices."""
    session, headers = await _device(world)
    lessons, agents = world["urls"]["learning_api"], world["urls"]["agent_reply"]
    question = {"user_message": "а" * 7_900, "session_id": session}
    asked = (http("POST", "/agents/mentor_chat/v1/reply", _json(question), headers) for _ in itertools.count())
    counted = await asyncio.gather(
        paced(lessons, _stored(world, session, headers), PER_SECOND * 3 / 4, seconds, CONNECTIONS),
        paced(agents, asked, PER_SECOND / 4, seconds, CONNECTIONS),
    )
    return counted[0] + counted[1]


def _notes(session: str, headers: dict[str, str]) -> Iterator[bytes]:
    """Notes and messages of the greatest length."""
    while True:
        notes = {"items": [{"t": secrets.token_hex(30_000)}]}
        yield http("POST", f"/sessions/{session}/synopsis", _json(notes), headers)
        yield http("POST", f"/sessions/{session}/messages/chat", _json({"content": secrets.token_hex(8_000)}), headers)


def _stored(world: Json, session: str, headers: dict[str, str]) -> Iterator[bytes]:
    public = {"Authorization": headers["Authorization"]}
    for note in _notes(session, headers):
        yield note
        new = {"deviceId": str(uuid.uuid4()), "trackSlug": world["track"]}
        yield http("POST", "/sessions", _json(new), public)


async def one_device(world: Json, seconds: float) -> Counter[int]:
    """A device that stores whatever it may in an hour."""
    session, headers = await _device(world)
    stored = itertools.islice(_notes(session, headers), min(round(PER_SECOND * seconds), UNTIL_REFUSED))
    return await paced(world["urls"]["learning_api"], stored, limits.DEVICE_PER_SECOND, 60.0, CONNECTIONS)


async def waiters(world: Json, seconds: float) -> Counter[int]:
    """Two hundred who ask with one key, and each second with the next."""
    session, headers = await _device(world)
    body = _json({"user_message": "Как быть?", "session_id": session})
    keys = (f"waited-for-{session}-{number // WAITERS}" for number in itertools.count())
    requests = (http("POST", "/agents/mentor_chat/v1/reply", body, {**headers, "Idempotency-Key": key}) for key in keys)
    return await paced(world["urls"]["agent_reply"], requests, WAITERS, seconds, WAITERS)


async def files(world: Json, seconds: float) -> Counter[int]:
    """Many who read a large file slowly under one valid link."""

    async def read() -> int:
        line = Line(world["urls"]["serve_media"])
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(seconds):
                await line.send(http("GET", world["link"], b""))
                for _ in itertools.count():  # after the end it sleeps on
                    await line.read(READ_BYTES)
                    await asyncio.sleep(READ_SECONDS)
        line.close()
        return 0

    return Counter(await asyncio.gather(*(read() for _ in range(READERS))))


def _json(body: Any) -> bytes:
    return json.dumps(body).encode()
