"""Everybody who acts on messages: each step is one transaction of the real code, and what the ledger expects of it."""

import time
from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

from functions.dispatch_notifications.outbox import delivery_failures, guards, queue, retry_policy
from functions.dispatch_notifications.outbox.attempt import Attempt
from functions.dispatch_notifications.outbox.retry_policy import RELEASED
from functions.housekeeping import messages as housekeeping
from functions.ingest_webhook.whatsapp.events import DeliveryFailure
from functions.ingest_webhook.whatsapp.outgoing import delivery_failures as gateway_news
from functions.telegram_webhook.bots import Bot
from functions.telegram_webhook.starts import start
from functions.telegram_webhook.updates.events import ChatReopened
from infra.admin.outbox import changes
from infra.admin.outbox.changes import Action, Plan
from infra.admin.outbox.selection import Selection
from shared.channels.outcome import Outcome
from shared.credentials import bots
from shared.delivery import chats
from shared.delivery.enqueue import Message, enqueue
from tests.functions.dispatch_notifications.histories.ledger import BASIC_GROUPS, Held, Ledger, moves_to
from tests.functions.dispatch_notifications.histories.world import TELEGRAM_RATE, WHATSAPP_RATE, World

LEASE_SECONDS = 60.0
KEYS = "select id, dedup_key from platform.outbox where id = any(%s)"
MAX_DELAY = LEASE_SECONDS / 4  # as a sender has it: later it does not begin any more


class Engine:
    """What can happen next."""

    def __init__(self, world: World, alert_chat: int) -> None:
        self.world = world
        self.ledger = Ledger(world.now, {world.telegram: TELEGRAM_RATE, world.whatsapp: WHATSAPP_RATE})
        self.accepted = 0
        self._answers = 0
        world.begin(alert_chat)

    def enqueue(self, *messages: Message) -> None:
        async def work() -> None:
            async with self.world.database.transaction() as connection:
                await enqueue(connection, messages)

        self.world.run(work())
        for message in messages:
            self.ledger.accept(message.dedup_key, message)

    def claim(self, dispatcher: int, bot: int, most: int) -> list[Held]:
        async def work() -> list[Held]:
            began_at = time.monotonic()
            attempts = await queue.claim(self.world.connection, bot, most, LEASE_SECONDS)
            took = time.monotonic() - began_at
            decided = await guards.check(self.world.connection, attempts)
            await self._learn_keys({attempt.id for attempt in attempts} - self.world.keys.keys())
            return [
                Held(
                    dispatcher,
                    attempt,
                    self.world.keys[attempt.id],
                    decided.get(attempt.id),
                    claimed_at,
                    claimed_at + LEASE_SECONDS,
                    claim_took=took,
                )
                for attempt in attempts
                for claimed_at in [attempt.send_started_at.timestamp()]  # by the server's clock
            ]

        held = self.world.run(work())
        self.ledger.held += held
        return held

    async def _learn_keys(self, ids: set[int]) -> None:
        if ids:
            cursor = await self.world.connection.execute(KEYS, [list(ids)])
            self.world.keys.update((row["id"], row["dedup_key"]) for row in await cursor.fetchall())

    def send(self, held: Held, outcome: Outcome) -> None:
        """As a sender does it: what is decided needs no request, and late is not begun any more."""
        held.ready = True
        held.decided = held.decided or retry_policy.before_sending(held.attempt)
        now = max(self.world.now(), held.permitted_at)
        if held.decided is None and now > held.permitted_at + MAX_DELAY:
            held.decided = RELEASED
        if held.decided is None:
            held.decided = retry_policy.after_sending(held.attempt, self._answer(held, outcome), 0.5)
            self.ledger.next_permits[held.attempt.bot_id, held.attempt.chat] = held.permitted_at + held.attempt.pace

    def _answer(self, held: Held, outcome: Outcome) -> Outcome:
        """`outcome` for this very call, as a gateway gives it to such a chat."""
        attempt, entry = held.attempt, self.ledger.accept(held.key)
        outcome = _possible(attempt, outcome)
        self._answers += 1
        fields: dict[str, Any] = {}
        if outcome.result == "sent":
            entry.answered.add(str(attempt.attempt_id))
            if attempt.recipient is None:
                fields["message_id"] = self._answers
            else:
                held.external_id = fields["external_id"] = f"wamid-{self._answers}"
            if attempt.method == "createForumTopic":
                fields["thread_id"] = 1000 + self._answers
        if outcome.result == "sent" or outcome.error_class == "cut":
            entry.copies += 1
        if outcome.result == "migrated":
            fields["moved_to"] = moves_to(attempt.chat_id)
        return replace(outcome, **fields)

    def release(self, dispatcher: int) -> None:
        """It has to end: what it has not begun it gives back."""
        for held in self.of(dispatcher):
            if not held.ready:
                held.ready, held.decided = True, held.decided or RELEASED

    def of(self, dispatcher: int) -> list[Held]:
        return [held for held in self.ledger.held if held.dispatcher == dispatcher]

    def crash(self, dispatcher: int) -> None:
        """Nobody finishes what it has."""
        self.ledger.held = [held for held in self.ledger.held if held.dispatcher != dispatcher]

    def finish(self, ending: Sequence[Held], *, dies: bool = False) -> set[UUID]:
        """Write down what became of these, and what has transactions of its own, unless the dispatcher dies before."""
        finished = [(held.attempt, held.decided) for held in ending if held.decided]

        async def work() -> set[UUID]:
            async with self.world.database.transaction() as connection:
                return await queue.finish(connection, finished)

        # A sender waits for its permits.
        permits = [held.permitted_at for held in ending if held.decided and held.decided.outcome]
        self.world.pass_time(max(0.0, round(max(permits, default=0.0) - self.world.now(), 3)))
        began_at = self.world.now()
        ours = self.world.run(work())
        ended_at = self.world.now()
        ended = {id(held) for held in ending}
        self.ledger.held = [held for held in self.ledger.held if id(held) not in ended]
        for attempt, decision in finished:
            if attempt.attempt_id in ours and decision.result == "rate_limited" and decision.outcome:
                self.ledger.note_limit(attempt, decision.outcome, began_at, ended_at)
        for attempt, decision in () if dies else finished:
            moved_to = decision.outcome and decision.outcome.moved_to
            if decision.remedy == "move_chat" and attempt.chat_id is not None and moved_to:
                self.move(attempt.bot_id, attempt.chat_id)
            if decision.result == "bot_refused":
                self.world.run(bots.mark_auth_failed(self.world.connection, attempt.bot_id))
        return ours

    def move(self, bot: int, old: int) -> None:
        """Telegram tells a bot that a group is a supergroup by now."""

        async def work() -> bool:
            async with self.world.database.transaction() as connection:
                return await chats.move(connection, bot, old, moves_to(old))

        if self.world.run(work()):
            self.ledger.moved.add(old)

    def redirect(self) -> None:
        """What each run begins with."""
        if not self.ledger.moved:
            return  # no chat did
        for bot, old, _ in self.world.run(chats.moves_with_pending(self.world.connection)):
            self.move(bot, old)

    def reopen(self, bot: int, chat: int) -> None:
        """Somebody lets the bot in again."""
        self._answers += 1
        event = ChatReopened(chat)
        who = Bot(bot, "school", "getcourse", None)
        if chat > 0:
            self.world.run(start.start(self.world.database, who, event, self._answers))
        else:
            self.world.run(chats.unblock(self.world.connection, bot, chat))

    def change(self, action: Action, row: dict[str, Any]) -> bool:
        """Redrive or cancel one message; whether it was changed."""
        selection = Selection(ids=[row["id"]], states=changes.FROM_STATES[action])

        async def work() -> list[int]:
            async with self.world.database.transaction() as connection:
                return await changes.change(connection, Plan(action, selection, [], {}), [row["id"]])

        changed = bool(self.world.run(work()))
        if changed and action == "redrive":
            self.ledger.renew(row["key"])
        return changed

    def fail_later(self, bot: int, external_id: str) -> None:
        """The gateway's webhook says that a message did not arrive."""
        routed = SimpleNamespace(desk=SimpleNamespace(media_bot_id=bot))
        routed.record = DeliveryFailure(None, external_id, "undeliverable")

        async def work() -> None:
            async with self.world.database.transaction() as connection:
                await gateway_news.store(connection, [cast("Any", routed)])

        self.world.run(work())

    def announce(self) -> None:
        """The dispatcher reads the gateways' news."""
        self.world.run(delivery_failures.announce(self.world.database))

    def tidy(self) -> None:
        """Housekeeping comes by."""
        end = time.monotonic() + 240
        self.world.run_with_rests(housekeeping.delete_messages(self.world.connection, end, 500))
        self.world.run_with_rests(housekeeping.delete_lanes(self.world.database, end, 500))

    def set_status(self, bot: int, status: str) -> None:
        """A person pauses a bot, or lets it go on."""
        self.world.execute(f"update platform.bots set status = '{status}' where id = {bot}")


def _possible(attempt: Attempt, outcome: Outcome) -> Outcome:
    """What a gateway says to another kind of chat is a bad request here."""
    is_possible = {
        "migrated": attempt.chat_id in BASIC_GROUPS,
        "chat_not_ready": (attempt.chat_id or 0) < 0,
        "unreachable": attempt.recipient is None,
        "topic_gone": attempt.thread_id is not None,
        "topic_closed": attempt.thread_id is not None,
    }.get(outcome.result, True)
    return outcome if is_possible else Outcome("bad_request", "bad_request", http_status=400)
