"""The demo's stories, a step at a time, as buttons."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import httpx

from infra.demo.player import Step, play
from infra.demo.stack import Stack
from infra.demo.world import World
from shared.database.pool import Database

STEP_SECONDS = 60.0  # until a step gives up; a busy machine takes its time
NOTHING = {"en": "", "ru": ""}


class Telling:
    """Where each chapter has come to. One step is played at a time."""

    def __init__(self, stack: Stack, stories: Mapping[str, Sequence[Step]]) -> None:
        self.stories = stories
        self._stack = stack
        self._played: dict[str, list[dict[str, Any]]] = {chapter: [] for chapter in stories}
        self._turn = asyncio.Lock()

    def mark_played(self, chapters: Sequence[str]) -> None:
        """These have been played already: they work once on a database."""
        for chapter in chapters:
            self._played[chapter] = [{"arrived": True, "what": NOTHING} for _ in self.stories[chapter]]

    def chapters(self) -> list[dict[str, Any]]:
        """Each chapter with its steps, and what arrived of those that were played."""
        return [
            {"name": name, "steps": [asdict(step.title) for step in steps], "played": self._played[name]}
            for name, steps in self.stories.items()
        ]

    async def step(self, chapter: str) -> dict[str, Any]:
        """Play the next step of a chapter; what arrived. After the last one nothing happens."""
        async with self._turn:
            played = self._played[chapter]
            if len(played) == len(self.stories[chapter]):
                return {"arrived": True, "what": NOTHING}
            database = Database(self._stack.database_url)
            try:
                async with httpx.AsyncClient(base_url=self._stack.functions_url, timeout=30, trust_env=False) as http:
                    world = World(self._stack, http, database, STEP_SECONDS)
                    arrived, what = await play(self.stories[chapter][len(played)], world)
            finally:
                await database.close()
            played.append({"arrived": arrived, "what": asdict(what)})
            self._stack.sandbox.changes.notify()
            return played[-1]
