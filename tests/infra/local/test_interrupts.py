"""How programs that stay up on this machine end: SIGINT and SIGTERM, in a terminal and in the background."""

import signal
import time
from typing import Literal

import pytest

from tests.helpers.programs import read_until, started

Sigint = Literal["SIG_DFL", "SIG_IGN"]

PROGRAM = """
import asyncio, sys
from infra.local import interrupts

async def main(waits: str) -> int:
    print("up", flush=True)
    try:
        if waits == "until_interrupted":
            await interrupts.until_interrupted()
        else:
            await asyncio.sleep(30)
    finally:
        print("cleaned up", flush=True)
    return 0

sys.exit(interrupts.run(main(sys.argv[1])))
"""
WAYS = [("SIG_DFL", signal.SIGINT), ("SIG_DFL", signal.SIGTERM), ("SIG_IGN", signal.SIGTERM)]


@pytest.mark.parametrize(("waits", "code"), [("until_interrupted", 0), ("in the middle of its work", 130)])
@pytest.mark.parametrize(("sigint", "sent"), WAYS)
def test_a_signal_ends_a_program_which_cleans_up(sigint: Sigint, sent: signal.Signals, waits: str, code: int) -> None:
    with started("-c", PROGRAM, waits, sigint=sigint) as program:
        read_until(program, "up")
        program.send_signal(sent)

        assert program.communicate(timeout=300) == ("cleaned up\n", "")
        assert program.returncode == code


def test_an_ignored_sigint_stays_ignored() -> None:
    """Ctrl-C in a script's terminal is not meant for what it runs in the background."""
    with started("-c", PROGRAM, "until_interrupted", sigint="SIG_IGN") as program:
        read_until(program, "up")
        program.send_signal(signal.SIGINT)
        time.sleep(0.5)
        assert program.poll() is None
        program.send_signal(signal.SIGTERM)
        assert program.wait(300) == 0


@pytest.mark.parametrize(("sigint", "sent"), WAYS)
def test_a_signal_ends_the_sandbox(sigint: Sigint, sent: signal.Signals) -> None:
    with started("-m", "infra.sandbox", "--port", "0", sigint=sigint) as sandbox:
        read_until(sandbox, "Sandbox: http://127.0.0.1:")
        sandbox.send_signal(sent)

        assert sandbox.communicate(timeout=300) == ("", "")
        assert sandbox.returncode == 0
