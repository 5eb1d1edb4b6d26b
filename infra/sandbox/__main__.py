"""`python -m infra.sandbox`: the sandbox on the command line."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from infra.local import interrupts
from infra.local.web_server import listen, serving
from infra.sandbox.app import create_app
from infra.sandbox.server import config

if TYPE_CHECKING:
    import socket


def main() -> int:
    """Serve until interrupted; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m infra.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8081, help="0 picks a free one")
    try:
        listener = listen(parser.parse_args().port)
    except OSError as error:
        parser.error(f"cannot listen: {error.strerror}; choose another --port")
    return interrupts.run(_serve(listener))


async def _serve(listener: socket.socket) -> int:
    async with serving(config(create_app()), listener) as url:
        sys.stdout.write(f"Sandbox: {url}/\n")
        sys.stdout.flush()
        await interrupts.until_interrupted()
    return 0


if __name__ == "__main__":
    sys.exit(main())
