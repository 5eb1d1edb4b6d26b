"""`python -m tests.benchmarks.siege_attacks WORLD`: everybody who is not honest, in a process of its own.

WORLD is World.attackers as JSON. A line on the standard input, `{"attack": …, "seconds": …}`, begins an attack; when it
is over, a line on the standard output says how often the attackers were answered, by status.
"""

import asyncio
import contextlib
import itertools
import json
import secrets
import sys
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

from tests.benchmarks import siege_insiders
from tests.benchmarks.siege_calls import CONNECTIONS, PER_SECOND, Json, Line, http, paced

DRIPS, DRIP_SECONDS = 20, 0.2  # at each function
UNFINISHED, UNFINISHED_BYTES = 80, 2_900_000

Attack = Callable[[Json, float], Coroutine[Any, Any, Counter[int]]]


def _strangers(function: str, make: Callable[[], bytes]) -> Attack:
    """10,000 a minute, each with another secret."""

    async def attack(world: Json, seconds: float) -> Counter[int]:
        requests = (make() for _ in itertools.count())
        return await paced(world["urls"][function], requests, PER_SECOND, seconds, CONNECTIONS)

    return attack


def _at_ingest() -> bytes:
    secret = secrets.token_urlsafe(32)
    signed = {"X-Hub-Signature-256": f"sha256={secrets.token_hex(32)}"}
    return secrets.choice([
        http("POST", f"/getcourse/school?secret={secret}", b"{}"),
        http("POST", "/whatsapp/echo", b"{}", {"X-Webhook-Secret": secret}),
        http("POST", "/whatsapp/meta", b'{"entry": []}', signed),
        http("POST", "/yclients/aurora", b"{}", {"X-Webhook-Secret": secret}),
    ])  # fmt: skip


def _at_telegram() -> bytes:
    return http("POST", "/echo-tg", b"{}", {"X-Telegram-Bot-Api-Secret-Token": secrets.token_hex(32)})


def _at_agents() -> bytes:
    bearer = {"Authorization": f"Bearer {secrets.token_urlsafe(32)}"}
    return http("POST", "/agents/mentor_chat/v1/reply", b'{"user_message": "?"}', bearer)


def _at_lessons() -> bytes:
    return http("GET", "/tracks", b"", {"Authorization": f"Bearer {secrets.token_urlsafe(32)}"})


def _at_files() -> bytes:
    return http("GET", f"/{secrets.token_urlsafe(120)}/a.pdf", b"")


def _at_scheduled() -> bytes:
    return http("POST", "/", b"", {"X-Cron-Secret": secrets.token_urlsafe(32)})


async def _drips(world: Json, seconds: float) -> Counter[int]:
    """Bodies that come byte by byte, to every function: to some from nobody, to some under a public token."""
    signed = {"X-Hub-Signature-256": f"sha256={secrets.token_hex(32)}"}
    public = {"Authorization": f"Bearer {world['token']}"}
    heads = {
        "ingest_webhook": http("POST", "/whatsapp/meta", b"", signed, length=50_000),
        "telegram_webhook": http("POST", "/echo-tg", b"", length=50_000),
        "agent_reply": http("POST", "/agents/mentor_chat/v1/reply", b"", public, length=50_000),
        "learning_api": http("POST", "/sessions", b"", public, length=50_000),
        "answer_conversations": http("POST", "/", b"", length=50_000),
    }
    drips = [_drip(world["urls"][function], head, seconds) for function, head in heads.items() for _ in range(DRIPS)]
    return Counter(await asyncio.gather(*drips))


async def _drip(url: str, head: bytes, seconds: float) -> int:
    line, ends = Line(url), time.monotonic() + seconds
    with contextlib.suppress(OSError):
        await line.send(head)
        while time.monotonic() < ends:
            await line.send(b" ")
            await asyncio.sleep(DRIP_SECONDS)
    line.close()
    return 0


async def _unfinished(world: Json, seconds: float) -> Counter[int]:
    """Large bodies without their end, to the name of a source whose gateway signs."""
    signed = {"X-Hub-Signature-256": f"sha256={secrets.token_hex(32)}"}
    head = http("POST", "/whatsapp/meta", b"", signed, length=UNFINISHED_BYTES)
    return await _begun(world["urls"]["ingest_webhook"], head, UNFINISHED_BYTES - 1, UNFINISHED, seconds)


async def _unfinished_public(world: Json, seconds: float) -> Counter[int]:
    """The same to the agents, under a public token."""
    public = {"Authorization": f"Bearer {world['token']}"}
    head = http("POST", "/agents/mentor_chat/v1/reply", b"", public, length=1_000_000)
    return await _begun(world["urls"]["agent_reply"], head, 999_999, UNFINISHED, seconds)


async def _begun(url: str, head: bytes, size: int, count: int, seconds: float) -> Counter[int]:
    async def begin() -> int:
        line = Line(url)
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(seconds):
                await line.send(head + bytes(size))
                await asyncio.sleep(seconds)
        line.close()
        return 0

    return Counter(await asyncio.gather(*(begin() for _ in range(count))))


STRANGERS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "strangers_at_ingest": ("ingest_webhook", _at_ingest),
    "strangers_at_telegram": ("telegram_webhook", _at_telegram),
    "strangers_at_agents": ("agent_reply", _at_agents),
    "strangers_at_lessons": ("learning_api", _at_lessons),
    "strangers_at_files": ("serve_media", _at_files),
    "strangers_at_schedules": ("answer_conversations", _at_scheduled),
}
ATTACKS: dict[str, Attack] = {
    **{name: _strangers(*stranger) for name, stranger in STRANGERS.items()},
    "drips": _drips,
    "unfinished": _unfinished,
    "unfinished_public": _unfinished_public,
    "ligatures": siege_insiders.ligatures,
    "token": siege_insiders.token,
    "waiters": siege_insiders.waiters,
    "files": siege_insiders.files,
    "machines": siege_insiders.machines,
}
ALONE: dict[str, Attack] = {"one_device": siege_insiders.one_device}  # measured without honest traffic


def main() -> None:
    """Attack when told to."""
    world = json.loads(sys.argv[1])
    attacks = ATTACKS | ALONE
    for line in sys.stdin:
        command = json.loads(line)
        statuses = asyncio.run(attacks[command["attack"]](world, command["seconds"]))
        print(json.dumps({str(status): count for status, count in statuses.items()}), flush=True)


if __name__ == "__main__":
    main()
