"""The work of one invocation: every burst that is over, several at once, and those that are over in a moment."""

import asyncio
import contextlib
import time
from collections import Counter
from dataclasses import replace
from uuid import UUID

from functions.answer_conversations import apply, bursts, decide, give_up, llm, token_budget
from functions.answer_conversations.apply import Applied
from functions.answer_conversations.bursts import Burst, Claim
from functions.answer_conversations.decide import Findings
from functions.answer_conversations.llm import ModelVerdict
from shared import logs
from shared.clients.llm import Model
from shared.config import Settings
from shared.database.pool import Database
from shared.delivery.poke import Poke
from shared.errors import DatabaseUnavailable
from shared.support import conversations
from shared.support.conversations import Conversation

MAX_IN_FLIGHT = 8  # conversations
SHARE_OF_A_DESK = 4  # of them, while others wait
IDLE_GRACE_SECONDS = 10.0  # a poke comes when a burst begins, and a burst takes seconds
DATABASE_SECONDS = 6.0  # of a conversation's time, beside two deadlines of the model
POLL_SECONDS = 1.0  # while there is something to wait for: not every poke reaches this process


class Run:
    """Claims bursts, asks the model and applies what follows, until nothing is due soon or its time is over."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        poke: Poke,
        seconds: float,
        conversation_seconds: float | None = None,
    ) -> None:
        """`seconds` is how long new conversations are begun; each may take `conversation_seconds`.

        That is two calls of the model and what the database needs, unless it is given.
        """
        self._database = database
        self._model = Model(settings)
        self._conversation_seconds = conversation_seconds or 2 * settings.llm_deadline_seconds + DATABASE_SECONDS
        self._lease_seconds = max(bursts.LEASE_SECONDS, self._conversation_seconds + DATABASE_SECONDS)
        self._poke = poke
        self._started = time.monotonic()
        self._ends_at = self._started + seconds
        self._poked = asyncio.Event()
        self._polling = True
        self._tasks: dict[asyncio.Task[None], UUID] = {}  # and whose they are
        self._done: Counter[str] = Counter(answered=0, handed_over=0, quiet=0)
        self._without_database: dict[UUID, Claim] = {}
        self._ended_well = False

    def join(self) -> bool:
        """Make this run poll once more, instead of a run of one's own; False when it has polled for the last time."""
        self._poked.set()
        return self._polling and time.monotonic() < self._ends_at

    async def run(self) -> dict[str, int]:
        """Do what is due. Answers `done`, `remaining` and the parts of `done`."""
        try:
            await self._loop()
        finally:
            self._polling = False
            if self._tasks:
                await asyncio.wait(self._tasks)
            await self._model.close()
            await self._forgive()
        async with self._database.connection() as connection:
            return {"done": sum(self._done.values()), "remaining": await bursts.waiting(connection), **self._done}

    async def _loop(self) -> None:
        while time.monotonic() < self._ends_at:
            self._poked.clear()
            claimed = await self._claim()
            for claim in claimed:
                task = asyncio.create_task(self._answer(claim))
                self._tasks[task] = claim.client_id
                task.add_done_callback(self._tasks.pop)
            if self._tasks:
                poked = asyncio.create_task(self._poked.wait())
                await asyncio.wait((poked, *self._tasks), timeout=POLL_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                poked.cancel()
            elif not claimed and not await self._wait_for_work():
                self._polling = False  # no await since the last poll: a poke from now on starts a run of its own
                return

    async def _claim(self) -> list[Claim]:
        """What there is room for. A desk that has its share under way waits while others have something to do."""
        room = MAX_IN_FLIGHT - len(self._tasks)
        if not room:
            return []
        busy = [desk for desk, count in Counter(self._tasks.values()).items() if count >= SHARE_OF_A_DESK]
        async with self._database.connection() as connection:
            claimed = await bursts.claim(connection, room, self._lease_seconds, busy)
            if busy and len(claimed) < room:
                claimed += await bursts.claim(connection, room - len(claimed), self._lease_seconds)
        return claimed

    async def _wait_for_work(self) -> bool:
        """Wait for a poke, or for a burst that is over soon; False when there is neither."""
        async with self._database.connection() as connection:
            due_in = await bursts.next_due_in(connection)
        if self._poked.is_set():
            return True
        if due_in is None or due_in > min(IDLE_GRACE_SECONDS, self._ends_at - time.monotonic()):
            return False
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._poked.wait(), min(max(due_in, 0.01), POLL_SECONDS))
        return True

    async def _answer(self, claimed: Claim) -> None:
        """Handle one conversation. Whatever fails, the others go on; it is tried again when its lease is over."""
        logs.start_request("answer_conversations")
        try:
            async with asyncio.timeout(self._conversation_seconds):
                applied = await self._ask_and_apply(claimed)
        except Exception as error:  # noqa: BLE001 - one broken conversation delays nobody
            failed = {"conversation_id": str(claimed.conversation_id), "attempts": claimed.attempts}
            logs.error("conversation_failed", cause=error, **failed)
            if isinstance(error, DatabaseUnavailable):
                self._without_database[claimed.conversation_id] = claimed
            return
        self._ended_well = True
        if applied.outcome != "overtaken":
            self._done[applied.outcome] += 1
        for bot in {linked.message.bot_id for linked in applied.linked_messages}:
            await self._poke(bot)

    async def _forgive(self) -> None:
        """Where several failed for want of the database and nobody was served, it was not their fault."""
        if len(self._without_database) > 1 and not self._ended_well:
            with contextlib.suppress(DatabaseUnavailable):
                async with self._database.connection() as connection:
                    await bursts.forgive(connection, list(self._without_database.values()))

    async def _ask_and_apply(self, claimed: Claim) -> Applied:
        if claimed.attempts > bursts.MAX_ATTEMPTS:
            async with self._database.transaction() as connection:
                return await give_up.give_up(connection, claimed, logs.correlation_id.get())
        async with self._database.transaction() as connection:
            locked = await conversations.lock(connection, [claimed.conversation_id])
            burst = await bursts.read(connection, claimed, locked[0]) if locked else None
            if burst is None or not burst.questions:
                await bursts.release(connection, claimed, burst.unread.until if burst else claimed.heard_position)
                return Applied("quiet")
        findings = await self._find(locked[0], burst)
        async with self._database.transaction() as connection:
            return await apply.apply(connection, burst, findings, logs.correlation_id.get())

    async def _find(self, conversation: Conversation, burst: Burst) -> Findings:
        """Ask the model as little as is needed: nothing where rules decide, no answer where a person is wanted."""
        matches = decide.match(burst.texts, conversation.desk.keywords)
        has_model = self._model.is_configured and {"classifier", "system_prompt"} <= burst.prompts.keys()
        if not has_model or not decide.needs_model(conversation, burst, matches):
            return Findings(matches, has_model)
        context = burst.history, burst.transcript
        asked = llm.classifier_messages(burst.prompts["classifier"], *context)
        if not await self._take_tokens(conversation, token_budget.estimate(asked, llm.CLASSIFIER_TOKENS)):
            return Findings(matches, has_model=False)
        verdict = ModelVerdict(await llm.classify(self._model, burst))
        wanted = decide.decide(conversation, burst, Findings(matches, has_model, verdict))
        asked = llm.answer_messages(burst.prompts["system_prompt"], *context)
        if (
            verdict.classified
            and wanted.action == "answer"
            and await self._take_tokens(conversation, token_budget.estimate(asked, llm.ANSWER_TOKENS))
        ):
            verdict = replace(verdict, answer=await llm.answer(self._model, burst))
        return Findings(matches, has_model, verdict)

    async def _take_tokens(self, conversation: Conversation, tokens: int) -> bool:
        async with self._database.connection() as connection:
            return await token_budget.take(connection, conversation, tokens)
