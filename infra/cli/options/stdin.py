"""Secrets come by standard input: an argument stays in the shell's history, and the list of processes shows it."""

import sys

from infra.cli.output import console


def chosen(option: str, argument: str, *, by_stdin: bool) -> str:
    """The secret that somebody chose, empty when nobody did: the next line by `option`-stdin, or the former `argument`.

    Raises ValueError when both were given, or nothing came.
    """
    if not by_stdin:
        warn_of(option, argument)
        return argument
    if argument:
        raise ValueError(f"give {option}-stdin alone")
    line = sys.stdin.readline().strip()
    if not line:
        raise ValueError(f"standard input has no secret: write it into a file, and say {option}-stdin < FILE")
    return line


def warn_of(option: str, argument: str) -> None:
    """Say where an `argument` that was given by `option` has been left."""
    if argument:
        note = (
            f"! the shell's history has kept this secret: say {option}-stdin < FILE, and rotate it if others read that"
        )
        console(stderr=True).print(note, style="yellow", soft_wrap=True)
