"""`python -m infra.sandbox`: the sandbox on the command line."""

from __future__ import annotations

import argparse
import sys

import uvicorn

from infra.sandbox.app import create_app
from infra.sandbox.server import address, config, listen


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m infra.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8081, help="0 picks a free one")
    try:
        listener = listen(parser.parse_args().port)
    except OSError as error:
        parser.error(f"cannot listen: {error.strerror}; choose another --port")
    sys.stdout.write(f"Sandbox: {address(listener)}/\n")
    sys.stdout.flush()
    uvicorn.Server(config(create_app())).run(sockets=[listener])


if __name__ == "__main__":
    main()
