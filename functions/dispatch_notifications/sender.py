"""Sends what one bot has due: many lanes at once, one message of a lane at a time."""

import asyncio
import time
from dataclasses import dataclass

from functions.dispatch_notifications import decide, outbox
from functions.dispatch_notifications.decide import Decision
from functions.dispatch_notifications.outbox import Attempt
from shared import bots, logs
from shared.batch import GroupCommit
from shared.bots import Bot
from shared.db import Database
from shared.telegram import Telegram

MOST_IN_FLIGHT = 100
FINISH_WITHIN_SECONDS = 30.0  # a message that was sent and is not noted costs a copy: worth waiting for


@dataclass
class Tally:
    """What one drain did."""

    claimed: int = 0
    sent: int = 0
    failed: int = 0


class Sender:
    """Drains one bot's lanes."""

    def __init__(self, database: Database, telegram: Telegram, bot: Bot, ends_at: float) -> None:
        """`ends_at` is the monotonic time after which nothing new is begun."""
        self._database = database
        self._telegram = telegram
        self._bot = bot
        self._ends_at = ends_at
        self._finisher = GroupCommit(self._finish, patience=FINISH_WITHIN_SECONDS)
        self._refused = False
        self.tally = Tally()

    async def drain(self) -> Tally:
        """Send until no lane is due, the time is up or Telegram refuses the bot."""
        sending: set[asyncio.Task[None]] = set()
        try:
            while True:
                attempts = await self._claim(MOST_IN_FLIGHT - len(sending))
                sending |= {asyncio.create_task(self._send(attempt)) for attempt in attempts}
                if not sending:
                    return self.tally
                done, sending = await asyncio.wait(sending, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
        finally:
            if sending:  # what is under way ends before an error goes up
                await asyncio.wait(sending)

    async def _claim(self, room: int) -> list[Attempt]:
        if room <= 0 or self._refused or time.monotonic() >= self._ends_at:
            return []
        async with self._database.connection() as connection:
            attempts = await outbox.claim(connection, self._bot.id, room)
        self.tally.claimed += len(attempts)
        return attempts

    async def _send(self, attempt: Attempt) -> None:
        logs.correlation_id.set(attempt.correlation_id)
        decision = decide.before_sending(attempt)
        if decision is None:
            await asyncio.sleep(attempt.wait)
            parameters = {"chat_id": attempt.chat_id, **attempt.payload}
            outcome = await self._telegram.call(self._bot.token, attempt.method, parameters)
            decision = decide.after_sending(attempt, outcome)
        ours = await self._finisher.submit((attempt, decision))
        await self._tell(attempt, decision, ours=ours)

    async def _finish(self, finished: list[tuple[Attempt, Decision]]) -> list[bool]:
        """Write a group of endings; for each whether it was still ours (a zombie's was taken over)."""
        async with self._database.transaction() as connection:
            ours = await outbox.finish(connection, finished)
        return [attempt.id in ours for attempt, _ in finished]

    async def _tell(self, attempt: Attempt, decision: Decision, *, ours: bool) -> None:
        if decision.outcome == "bot_refused" and not self._refused:
            self._refused = True
            async with self._database.connection() as connection:
                await bots.refuse(connection, self._bot.id)
            logs.error("bot_refused", bot=self._bot.name, next_step="carillon bots check")
        self.tally.sent += decision.state == "sent"
        self.tally.failed += decision.state in ("dead", "unknown")
        logs.info(
            f"message_{decision.state}",
            outbox_id=attempt.id, kind=attempt.kind, attempt=attempt.attempt, message_id=decision.message_id,
            error_class=decision.error_class, http_status=decision.http_status, zombie=not ours or None,
        )  # fmt: skip
