"""What learning's story does: an app on a phone calls the agents and learning_api."""

import asyncio
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

TRIES, PAUSE_SECONDS = 10, 1.0


@dataclass(frozen=True)
class Event:
    """An event of a stream, and the monotonic time at which it came."""

    name: str
    data: dict[str, Any]
    came_at: float


class Phone:
    """A learner's app: a client's token, a device, and its session."""

    def __init__(self, world: World, device: str, token: str = "") -> None:
        """`token` of another client than the app."""
        self._world = world
        self._headers = {"authorization": f"Bearer {token or world.keys.learning_token}", "x-device-id": device}
        self._device = device
        self._session = ""

    async def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Call learning_api, and once more for each 503, which asks for it; `options` are httpx's."""
        for _ in range(TRIES):
            answer = await self._world.http.request(method, f"/learning_api{path}", headers=self._headers, **options)
            if answer.status_code != 503:
                break
            await asyncio.sleep(PAUSE_SECONDS)
        return answer

    async def open(self) -> httpx.Response:
        """Begin the session, or go on with it."""
        return await self.call("POST", "/sessions", json={"deviceId": self._device, "trackSlug": TRACK})

    async def session(self) -> str:
        """The session's id; begins it when there is none."""
        if not self._session:
            self._session = (await self.open()).json()["id"]
        return self._session

    async def thread(self, tab: str) -> list[dict[str, Any]]:
        """The messages of a tab."""
        response = await self.call("GET", f"/sessions/{await self.session()}/messages/{tab}")
        found: list[dict[str, Any]] = response.json()["messages"]
        return found

    async def ask(self, tab: str, text: str, key: str, **fields: Any) -> httpx.Response:
        """Ask the tab's agent and have both messages stored; `fields` are added to the request."""
        return await self._world.http.post(**await self._request(tab, text, key, fields))

    async def ask_streamed(self, tab: str, text: str, key: str) -> list[Event]:
        """Ask for the reply as a stream; all its events. Raises StepFailed."""
        request = await self._request(tab, text, key, {})
        request["headers"]["accept"] = "text/event-stream"
        events, name = [], ""
        async with self._world.http.stream("POST", **request) as response:
            expect(response.status_code == 200, f"the agent answered {response.status_code}")
            async for line in response.aiter_lines():
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    events.append(Event(name, json.loads(line.removeprefix("data: ")), time.monotonic()))
        return events

    async def _request(self, tab: str, text: str, key: str, fields: dict[str, Any]) -> dict[str, Any]:
        body = {
            "session_id": await self.session(),
            "user_message": text,
            "apply_side_effects": True,
            "store_user_message": True,
            **fields,
        }
        return {
            "url": f"/agent_reply{AGENTS[tab]}",
            "json": body,
            "headers": self._headers | {"idempotency-key": key},
        }


def reply(response: httpx.Response) -> str:
    """The agent's reply. Raises StepFailed when there is none, or it is not stored."""
    if response.status_code != 200:
        raise StepFailed(f"the agent answered {response.status_code}: {response.text}")
    effects = response.json()["side_effects"]
    expect(effects["applied"], f"nothing is stored: {effects}")
    return str(response.json()["message"])


def shorten(text: str) -> str:
    """`text` as long as a line of the table allows."""
    return textwrap.shorten(text, 75, placeholder=" …")
