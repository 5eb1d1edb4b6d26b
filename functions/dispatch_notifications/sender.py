"""Sends what one bot has due: many lanes at once, one message of a lane at a time."""

import asyncio
import time
from dataclasses import dataclass

from functions.dispatch_notifications import decide, guards, outbox, rendering
from functions.dispatch_notifications.decide import Decision
from functions.dispatch_notifications.ending import Ending
from functions.dispatch_notifications.outbox import Attempt
from shared import bots, logs
from shared.batch import GroupCommit
from shared.bots import Bot
from shared.channels.outcome import Outcome
from shared.channels.sending import Channels
from shared.db import Database
from shared.delivery import chats

MOST_IN_FLIGHT = 100
FINISH_WITHIN_SECONDS = 30.0  # a message that was sent and is not noted costs a copy: worth waiting for
ENDED_BY_US = Outcome("ambiguous", "interrupted")  # it was on its way when this process had to go


@dataclass
class Tally:
    """What one drain did."""

    claimed: int = 0
    sent: int = 0
    failed: int = 0


class Sender:
    """Drains one bot's lanes."""

    def __init__(self, database: Database, channels: Channels, bot: Bot, ending: Ending, lease_seconds: float) -> None:
        """Nothing new is begun after `ending`."""
        self._database = database
        self._channels = channels
        self._bot = bot
        self._ending = ending
        self._lease_seconds = lease_seconds
        self._finisher = GroupCommit(self._finish, patience=FINISH_WITHIN_SECONDS)
        self._refused = False
        self._asked = asyncio.Event()
        self.tally = Tally()

    async def drain(self) -> Tally:
        """Send until no lane is due, the time is up or the bot is refused."""
        sending: set[asyncio.Task[None]] = set()
        try:
            while True:
                sending |= await self._begin(MOST_IN_FLIGHT - len(sending))
                if not sending:
                    return self.tally
                for task in await self._one_ends(sending):
                    sending.discard(task)
                    task.result()
        finally:
            if sending:  # what is under way ends before an error goes up
                await asyncio.wait(sending)

    def look_again(self) -> None:
        """More is due: claim it, although nothing that is under way has ended."""
        self._asked.set()

    async def _one_ends(self, sending: set[asyncio.Task[None]]) -> set[asyncio.Task[None]]:
        """Those that have ended; none when there is more to claim before."""
        asked = asyncio.create_task(self._asked.wait())
        await asyncio.wait((asked, *sending), return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        self._asked.clear()
        return {task for task in sending if task.done()}

    async def _begin(self, room: int) -> set[asyncio.Task[None]]:
        """Claim what is due, as far as there is room, and send it."""
        if room <= 0 or self._refused or self._ending.has_come:
            return set()
        async with self._database.connection() as connection:
            attempts = await outbox.claim(connection, self._bot.id, room, self._lease_seconds)
            decided = await guards.look(connection, attempts)
        self.tally.claimed += len(attempts)
        claimed_at = time.monotonic()
        return {asyncio.create_task(self._carry(attempt, decided.get(attempt.id), claimed_at)) for attempt in attempts}

    async def _carry(self, attempt: Attempt, decision: Decision | None, claimed_at: float) -> None:
        logs.correlation_id.set(attempt.correlation_id)
        decision = decision or decide.before_sending(attempt) or await self._send(attempt, claimed_at)
        ours = await self._finisher.submit((attempt, decision))
        await self._follow(attempt, decision, ours=ours)

    async def _send(self, attempt: Attempt, claimed_at: float) -> Decision:
        try:
            parameters = rendering.parameters(attempt)
        except Exception as error:  # noqa: BLE001 - a payload of any wrong shape is this message's end, not the run's
            logs.error("payload_not_understood", cause=error, outbox_id=attempt.id)
            return decide.POISON
        if not await self._ending.allows_waiting(claimed_at + attempt.wait - time.monotonic()):
            return decide.RELEASED
        to = attempt.chat_id if attempt.recipient is None else attempt.recipient
        call = self._channels.call(self._bot.account, to or 0, attempt.method, parameters)
        outcome = await self._ending.cut_short(call)
        return decide.after_sending(attempt, outcome or ENDED_BY_US)

    async def _finish(self, finished: list[outbox.Finished]) -> list[bool]:
        """Write a group of endings; for each whether it was still ours (a zombie's was taken over)."""
        async with self._database.transaction() as connection:
            ours = await outbox.finish(connection, finished)
        return [attempt.id in ours for attempt, _ in finished]

    async def _follow(self, attempt: Attempt, decision: Decision, *, ours: bool) -> None:
        """What comes after the commit: a moved chat, a refused bot, the log."""
        if decision.remedy == "move_chat" and attempt.chat_id is not None and decision.moved_to:
            async with self._database.transaction() as connection:
                await chats.move(connection, attempt.chat_id, decision.moved_to)
            logs.warning("chat_moved", bot=self._bot.name)
        if decision.outcome == "bot_refused" and not self._refused:
            self._refused = True
            async with self._database.connection() as connection:
                await bots.refuse(connection, self._bot.id)
            logs.error("bot_refused", bot=self._bot.name, next_step="carillon bots check")
        self.tally.sent += decision.state == "sent"
        self.tally.failed += decision.state in ("dead", "unknown")
        logs.info(
            f"message_{decision.state}",
            outbox_id=attempt.id, kind=attempt.kind, attempt=attempt.attempt, outcome=decision.outcome,
            message_id=decision.message_id, error_class=decision.error_class, http_status=decision.http_status,
            zombie=not ours or None,
        )  # fmt: skip
