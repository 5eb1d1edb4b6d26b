"""`make demo`: everything up on this machine, and the story played with real HTTP.

python -m infra.demo.run [--once] [--chapter NAME] [--database NAME] [--timeout SECONDS] [--fault JSON]
"""

import argparse
import sys
from contextlib import redirect_stdout

import httpx
from rich.console import Console

from infra.demo import banner, stack
from infra.demo.inside import routes as inside
from infra.demo.player import play_story
from infra.demo.start import start
from infra.demo.stories import CHAPTERS, story
from infra.demo.world import World
from infra.local import postgres
from infra.local.interrupts import until_interrupted
from infra.local.keys import Keys
from infra.sandbox.telegram.faults import Fault
from shared.database.pool import Database

LOG = postgres.HOME / "demo.log"
DATABASE = "carillon_demo"


def main() -> int:
    """Run the demo; the exit code."""
    arguments = parser().parse_args()
    out = banner.console()
    banner.greet(out)
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("w", encoding="utf-8") as log, redirect_stdout(log):  # the functions' logs; people read `out`
        return start(lambda url, keys: play(arguments, url, keys, out), DATABASE, arguments.database, anew=True)


async def play(arguments: argparse.Namespace, url: str, keys: Keys, out: Console) -> int:
    """The demo inside its event loop; the exit code."""
    async with stack.running(url, keys, freezable=not arguments.once) as up:
        if arguments.fault:
            up.sandbox.telegram.faults.waiting.append(arguments.fault)
        chapters = [] if arguments.by_hand else [arguments.chapter] if arguments.chapter else list(CHAPTERS)
        inside.add(up, played=chapters)
        if chapters and not arguments.once:
            banner.show_page(up, out)
        database = Database(url)
        async with httpx.AsyncClient(base_url=up.functions_url, timeout=30, trust_env=False) as http:
            world = World(up, http, database, arguments.timeout)
            all_arrived = arguments.by_hand or await play_story(story(arguments.chapter), world, out)
        await database.close()
        if not arguments.once:
            banner.show(up, out, LOG)
            await until_interrupted()
    return 0 if all_arrived else 1


def parser() -> argparse.ArgumentParser:
    """The command line's arguments."""
    result = argparse.ArgumentParser(prog="python -m infra.demo.run", description="Plays the story of Carillon.")
    result.add_argument("--once", action="store_true", help="end after the story; exit code 0 only if all arrived")
    result.add_argument("--chapter", choices=CHAPTERS, default="", help="play one system's story alone")
    result.add_argument("--by-hand", action="store_true", help="play nothing: the page has the stories as buttons")
    result.add_argument("--database", default="", help=f"the name of one to make anew, whatever it holds ({DATABASE})")
    result.add_argument("--timeout", type=float, default=10.0, help="seconds that a step waits (default: 10)")
    fault = """what Telegram does wrong, like '{"status": 500, "times": -1}'; see infra/sandbox/telegram/faults.py"""
    result.add_argument("--fault", type=Fault.model_validate_json, metavar="JSON", help=fault)
    return result


if __name__ == "__main__":
    sys.exit(main())
