"""The end of each history: everybody is well again, and everything that waits has to end."""

from functions.dispatch_notifications.outbox import backlog
from tests.functions.dispatch_notifications.histories.choices import ANSWERS
from tests.functions.dispatch_notifications.histories.engine import LEASE_SECONDS, Engine

MAX_ROUNDS = 200
FAR = 30 * 86_400.0  # seconds


def drain(engine: Engine) -> None:
    """Run a dispatcher until nothing waits, with a clock that jumps to what is due next. Raises AssertionError."""
    world = engine.world
    engine.ledger.held.clear()
    world.let_go()
    for bot in (world.whatsapp, world.telegram):  # people hear by Telegram of what did not arrive by WhatsApp
        _drain_bot(engine, bot)


def _drain_bot(engine: Engine, bot: int) -> None:
    world, idle = engine.world, 0
    for _ in range(MAX_ROUNDS):
        engine.redirect()
        due_in = world.run(backlog.next_due_in(world.connection, bot, within=FAR))
        if due_in is None:
            return
        assert idle < 10, f"something is due, and nobody may have it: {_waiting(engine)}"
        if due_in > 0 or idle:
            world.pass_time(round(max(due_in, 0.5 if idle else 0.0) + 0.05, 3))
        claimed = engine.claim(0, bot, 50)
        for held in claimed:
            engine.send(held, ANSWERS["sent"])
        if claimed:
            engine.finish(claimed)
        idle = 0 if claimed else idle + 1
    raise AssertionError(f"it goes on and on: {MAX_ROUNDS} rounds with leases of {LEASE_SECONDS} s")


def _waiting(engine: Engine) -> list[str]:
    found = engine.world.snapshot()
    return [
        f"{lane['lane']} in {lane['head_due'] - found.clock:.1f} s with {head and head['key']}"
        for name, lane in found.lanes.items()
        if (head := found.heads.get(name)) or lane["head_due"]
    ]
