"""`carillon`, started once for many commands: each runs in a fork, from the entry point on.

Run in the folder and with the environment of the commands. A command is a line of JSON on stdin, its arguments; what it
prints goes to the files `out` and `err` of the folder, and its exit code is a line on stdout.
"""

import gc
import json
import os
import sys

import httpx_aiohttp  # noqa: F401 - loaded by some commands only

from infra.cli import main
from migrations import runner  # noqa: F401 - the same


def run(arguments: list[str]) -> None:
    """Become the command."""
    written = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    for number, (name, flags) in enumerate(((os.devnull, os.O_RDONLY), ("out", written), ("err", written))):
        os.dup2(os.open(name, flags), number)
    sys.argv = ["carillon", *arguments]
    try:
        main.main()
    except SystemExit as end:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(
            end.code if isinstance(end.code, int) else bool(end.code)
        )  # it takes nothing apart that is not its own


gc.freeze()
for line in iter(sys.stdin.readline, ""):
    if (child := os.fork()) == 0:
        run(json.loads(line))
        sys.exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)  # noqa: T201 - its answer
