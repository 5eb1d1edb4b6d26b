"""Anything in any order: what people, systems, gateways and dispatchers do to messages."""

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from infra.admin.outbox.changes import FROM_STATES, Action
from shared.delivery.enqueue import Message
from tests.functions.dispatch_notifications.histories import claims, draining, invariants
from tests.functions.dispatch_notifications.histories.choices import (
    ALERT_CHAT,
    ANSWERS,
    BRIEFLY,
    CHATS,
    DELAYS,
    PASSING,
    PLACES,
    WHATS,
)
from tests.functions.dispatch_notifications.histories.engine import Engine
from tests.functions.dispatch_notifications.histories.invariants import Step
from tests.functions.dispatch_notifications.histories.ledger import BASIC_GROUPS, Held
from tests.functions.dispatch_notifications.histories.world import Snapshot, World

DISPATCHERS = st.integers(0, 2)
INDEXES = st.integers(0, 9)  # of whatever there is, modulo how many there are
# What is drawn at once costs hypothesis a fraction of what its parts would. Half of the answers are good news.
OFTEN = ["sent"] * len(ANSWERS) + sorted(ANSWERS)
ANSWER = st.integers(0, len(OFTEN) ** 3 - 1).map(
    lambda number: tuple(OFTEN[number // len(OFTEN) ** place % len(OFTEN)] for place in range(3))
)
UNTIL = st.sampled_from(("the end", "before the end", "the claim"))
MESSAGE = st.sampled_from([*product(sorted(PLACES), sorted(WHATS), DELAYS)])


class Histories(RuleBasedStateMachine):
    """Each rule is possible at any time; where there is nothing for it to do, nothing happens.

    What is drawn must not depend on what the database says: some milliseconds more or less would draw another history.
    """

    world: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        self.engine = Engine(self.world, ALERT_CHAT)
        self.ledger = self.engine.ledger
        self.snapshot = self.world.snapshot()
        self._messages: list[Message] = []
        self._is_sound = True

    def _step(self, work: Callable[[], Any]) -> Any:
        before = self.snapshot
        self._is_sound = False
        result = work()
        self._check(before, self.world.snapshot())
        return result

    def _check(self, before: Snapshot, after: Snapshot) -> None:
        self._is_sound = False
        self.snapshot = after
        self.ledger.forget_deleted(before.by_key.keys() - after.by_key.keys(), before.by_key, after.clock)
        found = invariants.violations(Step(before, after, self.ledger))
        assert not found, "\n".join(found)
        self._is_sound = True

    def _row(self, index: int) -> dict[str, Any] | None:
        return self.snapshot.rows[index % len(self.snapshot.rows)] if self.snapshot.rows else None

    @initialize(messages=st.lists(MESSAGE, min_size=3, max_size=8))
    def begin(self, messages: Sequence[tuple[str, str, float]]) -> None:
        self.enqueue(messages)

    @rule(messages=st.lists(MESSAGE, min_size=1, max_size=3))
    def enqueue(self, messages: Sequence[tuple[str, str, float]]) -> None:
        new = [self._message(*message) for message in messages]
        self._messages += new
        self._step(lambda: self.engine.enqueue(*new))

    def _message(self, to: str, which: str, delay: float) -> Message:
        place, what = PLACES[to], WHATS[which]
        self.engine.accepted += 1
        key = f"{what.key}{self.engine.accepted}"
        bot = self.world.whatsapp if place.recipient else self.world.telegram
        return Message(
            bot, what.kind, key, {"text": what.text, "parse_mode": "HTML"}, key,
            method=what.method, guard=what.guard, delay_seconds=delay, **place._asdict(),
        )  # fmt: skip

    @rule(index=INDEXES)
    def enqueue_again(self, index: int) -> None:
        if self._messages:
            message = self._messages[index % len(self._messages)]
            self._step(lambda: self.engine.enqueue(message))

    @rule(after=st.sampled_from(BRIEFLY), dispatcher=DISPATCHERS, answers=ANSWER, until=UNTIL)
    def dispatch(self, after: float, dispatcher: int, answers: Sequence[str], until: str) -> None:
        """Some time later claim, send and finish; or keep what was claimed, or sent, in hand."""
        if after:
            self.time_passes(after)
        before = self.snapshot
        claimed = self._step(lambda: self._claim(dispatcher))
        found = claims.violations(before, claimed, self.ledger)
        self._is_sound = not found
        assert not found, "\n".join(found)
        if until != "the claim":
            self.go_on(dispatcher, answers)
        if until == "the end":
            self.finish(dispatcher, dies=False)

    def _claim(self, dispatcher: int) -> list[Held]:
        return [
            held for bot in (self.world.telegram, self.world.whatsapp) for held in self.engine.claim(dispatcher, bot, 5)
        ]

    @rule(after=st.sampled_from(BRIEFLY), dispatcher=DISPATCHERS, answers=ANSWER)
    def deliver(self, after: float, dispatcher: int, answers: Sequence[str]) -> None:
        """The usual case, so that it is more frequent."""
        self.dispatch(after, dispatcher, answers, "the end")

    @rule(dispatcher=DISPATCHERS, answers=ANSWER)
    def go_on(self, dispatcher: int, answers: Sequence[str]) -> None:
        """Send what was claimed before."""
        for number, held in enumerate(held for held in self.engine.of(dispatcher) if not held.ready):
            self.engine.send(held, ANSWERS[answers[number % len(answers)]])

    @rule(dispatcher=DISPATCHERS, dies=st.booleans())
    def finish(self, dispatcher: int, dies: bool) -> None:  # noqa: FBT001
        """Write down what became of what was sent; perhaps die before what comes after that."""
        if ending := [held for held in self.engine.of(dispatcher) if held.ready]:
            self._step(lambda: self.engine.finish(ending, dies=dies))

    @rule(dispatcher=DISPATCHERS, crashes=st.booleans())
    def end(self, dispatcher: int, crashes: bool) -> None:  # noqa: FBT001
        """A dispatcher ends: at once, or after it has given back what it has not begun."""
        if not crashes:
            self.engine.release(dispatcher)
            self.finish(dispatcher, dies=False)
        self.engine.crash(dispatcher)

    @rule(seconds=st.sampled_from(PASSING))
    def time_passes(self, seconds: float) -> None:
        self.world.pass_time(seconds)
        self._check(self.snapshot, self.snapshot.later(seconds))

    @rule(action=st.sampled_from(("redrive", "redrive", "cancel")), index=INDEXES)
    def somebody_changes(self, action: Action, index: int) -> None:
        wanted = [row for row in self.snapshot.rows if row["state"] in FROM_STATES[action]]
        if wanted:
            self._step(lambda: self.engine.change(action, wanted[index % len(wanted)]))

    @rule(chat=st.sampled_from(CHATS))
    def somebody_lets_the_bot_in(self, chat: int) -> None:
        self._step(lambda: self.engine.reopen(self.world.telegram, chat))

    @rule(is_telegram=st.booleans(), status=st.sampled_from(("active", "active", "paused")))
    def somebody_sets_a_bot(self, is_telegram: bool, status: str) -> None:  # noqa: FBT001
        bot = self.world.telegram if is_telegram else self.world.whatsapp
        self._step(lambda: self.engine.set_status(bot, status))

    @rule(index=INDEXES)
    def a_gateway_says_later_that_it_failed(self, index: int) -> None:
        known = [(row["bot_id"], row["external_id"]) for row in self.snapshot.rows if row["external_id"]]
        known += [(held.attempt.bot_id, held.external_id) for held in self.ledger.held if held.external_id]
        if known:
            bot, external_id = known[index % len(known)]
            self._step(lambda: self.engine.fail_later(bot, external_id))

    @rule()
    def a_group_moves(self) -> None:
        self._step(lambda: self.engine.move(self.engine.world.telegram, BASIC_GROUPS[0]))

    @rule(comes=st.sampled_from(("a run", "housekeeping")))
    def time_for(self, comes: str) -> None:
        """What is done from time to time."""
        if comes == "housekeeping":
            self._step(self.engine.tidy)
            return
        began_at = self.snapshot.clock
        self._step(self.engine.redirect)
        assert not self._left_behind(began_at), "a group moved, and messages wait in it"
        self._step(self.engine.announce)

    def _left_behind(self, began_at: float) -> list[str]:
        """What nobody held any more before this began: a lease may run out meanwhile."""
        lanes = self.snapshot.lanes
        return [
            row["key"]
            for (bot, lane), row in self.snapshot.heads.items()
            if row["chat_id"] in self.ledger.moved and lanes[bot, lane]["leased_until"] <= began_at
        ]

    def teardown(self) -> None:
        if not self._is_sound:
            return
        draining.drain(self.engine)
        self.snapshot = self.world.snapshot()
        left = [row["key"] for row in self.snapshot.live]
        assert not left, f"never sent: {left}"
