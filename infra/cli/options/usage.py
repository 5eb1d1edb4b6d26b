"""A value that infra.admin refuses is a usage error of the command line: exit code 2."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer


@contextmanager
def usage_errors() -> Iterator[None]:
    """Turns a ValueError into a typer.BadParameter with the same text."""
    try:
        yield
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
