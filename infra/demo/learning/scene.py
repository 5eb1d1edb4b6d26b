"""Whoever takes part in the learning story: a phone with its app, and what the app asks and reads."""

import json
import textwrap
import time
from dataclasses import dataclass
from typing import Any

import httpx

from infra.demo.learning.example import TRACK
from infra.demo.world import StepFailed, World, expect

AGENTS = {
    "chat": "/agents/mentor_chat/v1/reply",
    "practice": "/agents/practice_coach/v1/hint",
    "simulation": "/agents/simulation_mentor/v1/turn",
}


@dataclass(frozen=True)
class Event:
    """One of a stream, and when it came."""

    name: str
    data: dict[str, Any]
    came_at: float


class Phone:
    """One person's app: a client's token, a device, and what it may ask."""

    def __init__(self, world: World, device: str) -> None:
        self._world = world
        self._headers = {"authorization": f"Bearer {world.keys.app_token}", "x-device-id": device}
        self._device = device
        self._session = ""

    async def call(self, method: str, path: str, **how: Any) -> httpx.Response:
        """Ask learning_api; `how` is httpx's."""
        return await self._world.http.request(method, f"/learning_api{path}", headers=self._headers, **how)

    async def open(self) -> httpx.Response:
        """Open the session: it begins, or goes on."""
        return await self.call("POST", "/sessions", json={"deviceId": self._device, "trackSlug": TRACK})

    async def session(self) -> str:
        """Its number."""
        if not self._session:
            self._session = (await self.open()).json()["id"]
        return self._session

    async def thread(self, tab: str) -> list[dict[str, Any]]:
        """What the tab shows."""
        answer = await self.call("GET", f"/sessions/{await self.session()}/messages/{tab}")
        found: list[dict[str, Any]] = answer.json()["messages"]
        return found

    async def ask(self, tab: str, words: str, key: str, **more: Any) -> httpx.Response:
        """Ask the tab's agent and have both messages stored."""
        return await self._world.http.post(**await self._asked(tab, words, key, more))

    async def listen(self, tab: str, words: str, key: str) -> list[Event]:
        """The same, read piece by piece."""
        asked = await self._asked(tab, words, key, {})
        asked["headers"]["accept"] = "text/event-stream"
        events, name = [], ""
        async with self._world.http.stream("POST", **asked) as answer:
            expect(answer.status_code == 200, f"the agent answered {answer.status_code}")
            async for line in answer.aiter_lines():
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    events.append(Event(name, json.loads(line.removeprefix("data: ")), time.monotonic()))
        return events

    async def _asked(self, tab: str, words: str, key: str, more: dict[str, Any]) -> dict[str, Any]:
        body = {
            "session_id": await self.session(),
            "user_message": words,
            "apply_side_effects": True,
            "store_user_message": True,
            **more,
        }
        return {
            "url": f"/agent_reply{AGENTS[tab]}",
            "json": body,
            "headers": self._headers | {"idempotency-key": key},
        }


def answered(answer: httpx.Response) -> str:
    """What the agent said. Raises Missed when it said nothing, or nothing was stored."""
    if answer.status_code != 200:
        raise StepFailed(f"the agent answered {answer.status_code}: {answer.text}")
    expect(answer.json()["side_effects"]["applied"], f"nothing is stored: {answer.json()['side_effects']}")
    return str(answer.json()["message"])


def short(words: str) -> str:
    """As much of it as a line of the table can bear."""
    return textwrap.shorten(words, 75, placeholder=" …")
