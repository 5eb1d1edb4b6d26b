"""A function's database role: connecting as it, and what is refused to it."""

from typing import Any

import psycopg
import pytest


def as_role(url: str, function: str) -> str:
    """`url` for connections that act as the role of `function`, as in a deployment."""
    return f"{url}{'&' if '?' in url else '?'}options=-c%20role%3Dfn_{function}"


def check_refused(connection: psycopg.Connection[Any], function: str, statement: str) -> None:
    """Fail unless the database refuses `statement` to the role of `function` for want of a grant."""
    with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
        connection.execute(f"set local role fn_{function}".encode())
        connection.execute(statement.encode())
