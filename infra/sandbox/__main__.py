"""`python -m infra.sandbox`: the sandbox on the command line."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from infra.sandbox.history import FolderError
from infra.sandbox.server import run


def main() -> int:
    """Serve until interrupted; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m infra.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8081, help="0 picks a free one")
    parser.add_argument("--strict", action="store_true", help="only chats, files and addresses that there are")
    parser.add_argument("--folder", type=Path, help="keep chats here until the next time")
    given = parser.parse_args()
    try:
        return run(given.port, is_strict=given.strict, folder=given.folder)
    except FolderError as error:
        parser.error(f"cannot keep chats in {given.folder}: {error}; choose another --folder")
    except OSError as error:
        parser.error(f"cannot listen: {error.strerror}; choose another --port")


if __name__ == "__main__":
    sys.exit(main())
