"""The end of each history: everybody is well again, and everything that waits has to end."""

from functions.dispatch_notifications.outbox import backlog
from tests.functions.dispatch_notifications.histories.choices import ANSWERS
from tests.functions.dispatch_notifications.histories.engine import LEASE_SECONDS, Engine

MAX_ROUNDS = 200


def drain(engine: Engine) -> None:
    """Run a dispatcher until nothing waits, with a clock that jumps to what is due next. Raises AssertionError."""
    world = engine.world
    engine.ledger.held.clear()
    world.let_go()
    idle = 0
    for _ in range(MAX_ROUNDS):
        engine.redirect()
        claimed = [held for bot in (world.telegram, world.whatsapp) for held in engine.claim(0, bot, 50)]
        for held in claimed:
            engine.send(held, ANSWERS["sent"])
        if claimed:
            engine.finish(claimed)
            idle = 0
            continue
        due_in = world.run(backlog.next_due_in(world.connection, None))
        if due_in is None:
            return
        idle += 1
        assert idle < 10, f"something is due, and nobody may have it: {_waiting(engine)}"
        world.pass_time(round(max(due_in, 0.5) + 0.05, 3))
    raise AssertionError(f"it goes on and on: {MAX_ROUNDS} rounds with leases of {LEASE_SECONDS} s")


def _waiting(engine: Engine) -> list[str]:
    found = engine.world.snapshot()
    return [
        f"{lane['lane']} in {lane['head_due'] - found.clock:.1f} s with {head and head['key']}"
        for name, lane in found.lanes.items()
        if (head := found.heads.get(name)) or lane["head_due"]
    ]
