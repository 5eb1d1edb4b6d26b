"""`carillon`, started once for many commands: each runs in a fork, from the entry point on.

Run with the environment of the commands. A command is a line of JSON on stdin: its arguments, its folder, and the files
that it reads from (`in`) and prints to (`out`, `err`). Its exit code is a line on stdout.
"""

import gc
import json
import os
import sys
from functools import cache
from typing import Any

import httpx_aiohttp  # noqa: F401 - loaded by some commands only
import rich.markdown  # noqa: F401 - the same
import typer.main

from infra.admin.learning import track_file  # noqa: F401 - the same
from infra.cli import main
from migrations import runner  # noqa: F401 - the same


def run(task: dict[str, Any]) -> None:
    """Become the command."""
    written = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    os.chdir(task["folder"])
    for number, (name, flags) in enumerate((("in", os.O_RDONLY), ("out", written), ("err", written))):
        os.dup2(os.open(task[name], flags), number)
    sys.argv = ["carillon", *task["arguments"]]
    try:
        main.main()
    except SystemExit as end:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(
            end.code if isinstance(end.code, int) else bool(end.code)
        )  # it takes nothing apart that is not its own


typer.main.get_command = cache(typer.main.get_command)
typer.main.get_command(main.app)
gc.freeze()
for line in iter(sys.stdin.readline, ""):
    if (child := os.fork()) == 0:
        run(json.loads(line))
        sys.exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)  # noqa: T201 - its answer
