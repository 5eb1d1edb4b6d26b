"""carillon sandbox: the stand-ins of the messengers for any bot, without a database and without our functions."""

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from infra.admin.errors import AdminError

EXAMPLES = """carillon sandbox --port 8081, then in your bot: http://127.0.0.1:8081 instead of https://api.telegram.org.
Chats begin when somebody writes, on the page or by POST /_sandbox/say; ids and addresses that there are not are
refused, as Telegram does (--lenient: anything goes)."""


def sandbox(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 picks a free one.")] = 8081,
    host: Annotated[list[str] | None, typer.Option(help="Another name of this machine, for containers.")] = None,
    folder: Annotated[Path | None, typer.Option(help="Keep chats here until the next time.")] = None,
    *,
    lenient: Annotated[bool, typer.Option("--lenient", help="Take any chat, file and address.")] = False,
) -> None:
    """Run stand-ins for Telegram, WhatsApp, YClients and the model on this machine, with a page to write on."""
    try:
        # Their web server would slow every other command down.
        server, history = import_module("infra.sandbox.server"), import_module("infra.sandbox.history")
    except ImportError as error:
        cause, step = f"the sandbox needs {error.name}", "install Carillon with its demo: pip install '.[demo]'"
        raise AdminError(cause, step) from None
    try:
        code = server.run(port, is_strict=not lenient, hosts=host or (), folder=folder)
    except history.FolderError as error:
        raise AdminError(f"cannot keep chats in {folder}: {error}", "choose another --folder") from None
    except OSError as error:
        raise AdminError(f"cannot listen on port {port}: {error.strerror}", "choose another --port") from None
    raise typer.Exit(code)
