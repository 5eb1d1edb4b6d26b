"""The shortest of the histories in which something did not hold, one test each."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from shared.channels.outcome import Outcome
from shared.delivery.enqueue import Message
from shared.delivery.kinds import Kind
from tests.functions.dispatch_notifications.histories import claims
from tests.functions.dispatch_notifications.histories.choices import ALERT_CHAT, ANSWERS, FORUM, GROUP, PERSON, TOPIC
from tests.functions.dispatch_notifications.histories.draining import drain
from tests.functions.dispatch_notifications.histories.engine import LEASE_SECONDS, Engine
from tests.functions.dispatch_notifications.histories.ledger import moves_to
from tests.functions.dispatch_notifications.histories.world import World

PLAIN = Kind("courses/plain")


@pytest.fixture(scope="module")
def world(module_direct_url: str) -> Iterator[World]:
    world = World(module_direct_url)
    yield world
    world.close()


@pytest.fixture
def engine(world: World) -> Engine:
    return Engine(world, ALERT_CHAT)


def message(engine: Engine, key: str, chat: int = PERSON, **fields: Any) -> Message:
    return Message(engine.world.telegram, fields.pop("kind", PLAIN), key, {"text": key}, key, chat, **fields)


def fail(engine: Engine, times: int, answer: Outcome) -> None:
    """As often the next try comes, and gets this answer."""
    for _ in range(times):
        held = engine.claim(0, engine.world.telegram, 5)
        for each in held:
            engine.send(each, answer)
        engine.finish(held)
        engine.world.pass_time(700)


def test_a_process_that_took_over_from_itself_finishes_both_attempts_at_once(engine: Engine) -> None:
    """It was frozen for longer than its lease, and wakes up with an answer."""
    engine.enqueue(message(engine, "one"))
    fail(engine, 3, ANSWERS["broken"])
    [lost] = engine.claim(0, engine.world.telegram, 5)
    engine.send(lost, ANSWERS["broken"])  # the fourth failure: its chat would go on without it
    engine.world.pass_time(LEASE_SECONDS + 1)
    [taken] = engine.claim(0, engine.world.telegram, 5)
    engine.send(taken, ANSWERS["broken"])

    ours = engine.finish([lost, taken])

    assert ours == {taken.attempt.attempt_id}
    [row] = engine.world.snapshot().rows
    assert (row["state"], row["attempt"], row["out_of_order"]) == ("queued", 5, True)


def test_what_waited_for_a_group_is_due_with_its_lane_to_the_microsecond(engine: Engine) -> None:
    engine.enqueue(message(engine, "one", FORUM))
    [held] = engine.claim(0, engine.world.telegram, 5)
    engine.send(held, ANSWERS["removed_from_group"])
    engine.finish([held])

    engine.reopen(engine.world.telegram, FORUM)

    found = engine.world.snapshot()
    assert found.lanes[engine.world.telegram, str(FORUM)]["head_due"] == found.rows[0]["due_at"] <= found.clock


def test_what_moves_before_younger_messages_of_the_new_chat_decides_when_its_lane_is_due(engine: Engine) -> None:
    """Else each claim took the lane, and found that its oldest message has time."""
    engine.enqueue(message(engine, "older, for later", GROUP, delay_seconds=7200))
    engine.enqueue(message(engine, "younger", moves_to(GROUP)))

    engine.move(engine.world.telegram, GROUP)

    found = engine.world.snapshot()
    assert [row["key"] for row in found.rows] == ["older, for later", "younger"]
    lane = found.lanes[engine.world.telegram, str(moves_to(GROUP))]
    assert lane["head_due"] == found.rows[0]["due_at"] > found.clock + 7000


def test_an_attempt_that_ends_after_its_group_moved_leaves_the_new_lane_due_when_its_message_is(engine: Engine) -> None:
    """Its lease had run out, and the message had moved with the others; else each claim took the lane for nothing."""
    engine.enqueue(message(engine, "one", GROUP))
    [held] = engine.claim(0, engine.world.telegram, 5)
    engine.world.pass_time(LEASE_SECONDS + 1)
    engine.move(engine.world.telegram, GROUP)

    engine.release(0)
    engine.finish([held])

    found = engine.world.snapshot()
    lane = found.lanes[engine.world.telegram, str(moves_to(GROUP))]
    assert (found.rows[0]["state"], lane["head_due"]) == ("queued", found.rows[0]["due_at"])


def test_an_answer_that_comes_after_an_older_message_of_the_lane_was_redriven_leaves_no_lane_due_for_nothing(
    engine: Engine,
) -> None:
    """The lease had run out and was the older message's meanwhile; the younger one was nobody else's yet."""
    engine.enqueue(message(engine, "older"))
    fail(engine, 1, ANSWERS["bad_request"])
    fail(engine, 1, ANSWERS["sent"])  # the alert
    engine.enqueue(message(engine, "younger"))
    [younger] = engine.claim(1, engine.world.telegram, 5)
    engine.send(younger, ANSWERS["sent"])
    engine.world.pass_time(LEASE_SECONDS + 1)
    engine.change("redrive", engine.world.snapshot().by_key["older"])
    fail(engine, 1, ANSWERS["sent"])

    assert engine.finish([younger]) == {younger.attempt.attempt_id}

    lane = engine.world.snapshot().lanes[engine.world.telegram, str(PERSON)]
    assert (lane["head_due"], lane["lease"]) == (None, None)


def test_what_may_go_once_is_unknown_after_a_crash_even_if_its_guard_is_not_known_here(engine: Engine) -> None:
    """Else it was queued again, and whoever knows the guard sent it a second time."""
    once = Kind("courses/once", "at_most_once")
    engine.enqueue(message(engine, "one", kind=once, guard={"of": "a newer release"}))
    [held] = engine.claim(1, engine.world.telegram, 5)
    held.decided = None  # the newer release, which knows the guard
    engine.send(held, ANSWERS["sent"])
    engine.crash(1)
    engine.world.pass_time(LEASE_SECONDS + 1)

    fail(engine, 1, ANSWERS["sent"])

    assert engine.world.snapshot().by_key["one"]["state"] == "unknown"
    assert engine.ledger.entries["one"].copies == 1


def test_what_was_under_way_when_a_dispatcher_died_has_no_third_copy_after_a_lost_answer(engine: Engine) -> None:
    """Its second try was counted as its first."""
    engine.enqueue(message(engine, "one"))
    [held] = engine.claim(1, engine.world.telegram, 5)
    engine.send(held, ANSWERS["sent"])
    engine.crash(1)
    engine.world.pass_time(LEASE_SECONDS + 1)

    fail(engine, 2, ANSWERS["lost, but arrived"])

    assert engine.ledger.entries["one"].copies == 2
    row = engine.world.snapshot().by_key["one"]
    assert (row["state"], row["maybe_duplicate"]) == ("unknown", True)


def test_what_a_group_brings_along_waits_for_no_topic_that_is_made_behind_it(engine: Engine) -> None:
    """The older message was tried every five seconds until it expired, and so was whoever stood behind it."""
    engine.enqueue(message(engine, "older", GROUP, topic=TOPIC, delay_seconds=20.0))
    fail(engine, 1, ANSWERS["sent"])  # its topic, of the old group
    engine.enqueue(message(engine, "younger", moves_to(GROUP), topic=TOPIC))

    engine.move(engine.world.telegram, GROUP)
    drain(engine)

    assert {row["key"]: row["state"] for row in engine.world.snapshot().rows if row["method"] == "sendMessage"} == {
        "older": "sent", "younger": "sent"
    }  # fmt: skip


def test_what_was_redriven_waits_for_no_topic_that_is_made_behind_it(engine: Engine) -> None:
    engine.enqueue(message(engine, "older", FORUM, topic=TOPIC))
    fail(engine, 1, ANSWERS["sent"])  # the topic
    fail(engine, 1, ANSWERS["bad_request"])
    engine.enqueue(message(engine, "younger", FORUM, topic=TOPIC))
    fail(engine, 1, ANSWERS["topic_gone"])
    engine.change("redrive", engine.world.snapshot().by_key["older"])

    drain(engine)

    assert {row["state"] for row in engine.world.snapshot().rows if row["chat_id"] == FORUM} == {"sent"}


def test_what_was_deleted_while_it_was_sent_keeps_nothing_else_from_being_noted(engine: Engine) -> None:
    """Housekeeping takes what ended long ago from a dispatcher that froze, and `forget` from one that is at work."""
    engine.enqueue(message(engine, "forgotten"), message(engine, "kept", PERSON + 1))
    held = engine.claim(0, engine.world.telegram, 5)
    for each in held:
        engine.send(each, ANSWERS["sent"])
    engine.world.execute("delete from platform.outbox where dedup_key = 'forgotten'")

    engine.finish(held)

    [row] = engine.world.snapshot().rows
    assert (row["key"], row["state"]) == ("kept", "sent")


def test_what_came_after_housekeeping_is_younger_than_what_was_there(engine: Engine) -> None:
    """Places that were given by how many there are made an older message of the younger one."""
    engine.enqueue(message(engine, "one"))
    fail(engine, 1, ANSWERS["sent"])
    before = engine.world.snapshot()
    engine.world.pass_time(31 * 86400)
    engine.enqueue(message(engine, "two"))
    engine.tidy()
    after = engine.world.snapshot()
    engine.ledger.forget_deleted(before.by_key.keys() - after.by_key.keys(), before.by_key, after.clock)

    engine.enqueue(message(engine, "three"))

    places = {key: entry.place for key, entry in engine.ledger.entries.items()}
    assert places.keys() == {"two", "three"}
    assert places["two"] < places["three"]


def test_permits_of_a_claim_that_was_slow_are_known_no_better_than_its_time(engine: Engine) -> None:
    """Its clock goes on between the first message and the last: on a busy machine by more than a permit's distance."""
    bot = engine.world.telegram
    engine.enqueue(*(message(engine, f"{number}", PERSON + number) for number in range(5)))
    before = engine.world.snapshot()
    held = sorted(engine.claim(0, bot, 5), key=lambda each: each.permitted_at)
    assert len(held) > 3
    early = held[3].claimed_at - 0.2  # as if the statement had been interrupted for this long after the fourth began

    slow = [replace(each, claim_took=0.25) for each in [*held[:3], replace(held[3], claimed_at=early)]]
    quick = [replace(each, claim_took=0.0) for each in slow]

    assert claims.violations(before, slow, engine.ledger) == []
    engine.ledger.permits.clear()
    [found] = claims.violations(before, quick, engine.ledger)
    assert found.startswith(f"4 permits of bot {bot}")
