"""`make dev`: everything up on this machine, nothing played, database and chats kept. The functions' logs go to stdout.

python -m infra.demo.dev [--database NAME]
"""

import argparse
import sys
from collections.abc import Sequence

from psycopg.conninfo import conninfo_to_dict

from infra.demo import banner, stack
from infra.demo.inside import routes as inside
from infra.demo.start import start
from infra.local import postgres
from infra.local.interrupts import until_interrupted
from infra.local.keys import Keys

DATABASE = "carillon_dev"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until interrupted; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m infra.demo.dev", description="Everything up, nothing played.")
    parser.add_argument("--database", default="", help=f"its name, and yes, this very one (default: {DATABASE})")
    typed = parser.parse_args(arguments).database
    banner.greet(banner.console())
    return start(stay_up, DATABASE, typed, anew=False)


async def stay_up(url: str, keys: Keys) -> int:
    """Run the stack until it is interrupted; the exit code."""
    chats = postgres.HOME / "chats" / str(conninfo_to_dict(url)["dbname"])
    async with stack.running(url, keys, chats=chats) as up:
        inside.add(up, played=())
        banner.show(up, banner.console(), None)
        await until_interrupted()
    return 0


if __name__ == "__main__":
    sys.exit(main())
