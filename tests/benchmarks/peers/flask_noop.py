"""functions-framework's default server, doing nothing."""

from flask import Request


def flask_noop(_request: Request) -> str:
    """Answer."""
    return "ok"
