"""`carillon db roles`: a database login for each function."""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from infra.admin import logins
from infra.admin.database import connect
from infra.admin.errors import AdminError
from infra.admin.logins import Login
from infra.cli.options import times
from infra.cli.options.usage import usage_errors
from infra.cli.output import AsJson, console
from infra.local.server import names
from shared import config

EXAMPLES = (
    "Examples: carillon db roles --file logins.env, carillon db roles --json --file logins.json, "
    "carillon db roles --rotate --keep-old-for 7d, carillon db roles agent_reply --rotate"
)

Functions = Annotated[
    list[str] | None, typer.Argument(metavar="[FUNCTION]...", help="Some functions; all when left out.")
]
Keep = Annotated[str, typer.Option(help="With --rotate: how long the former logins may still connect.")]
Prefix = Annotated[str, typer.Option(help="What their names begin with. Another one for each database of a cluster.")]
FileOption = Annotated[
    Path | None, typer.Option("--file", help="A new file for the addresses, which nobody but you may read.")
]


def roles(
    functions: Functions = None,
    rotate: Annotated[bool, typer.Option("--rotate", help="Give new passwords; the former logins end.")] = False,
    keep_old_for: Keep = "24h",
    prefix: Prefix = logins.DEFAULT_PREFIX,
    file: FileOption = None,
    as_json: AsJson = False,
) -> None:
    """Give each function a database login with the rights of its role. New addresses are shown once.

    They come as DATABASE_URL_<function>. Whoever has a login keeps it: twice is as good as once.
    """
    with usage_errors():
        logins.check_prefix(prefix)
        chosen = _known(functions or names())
        keep = times.duration(keep_old_for) if rotate else None
    settings = config.load(names=("database_url", "database_direct_url"))
    with connect(settings.database_direct_url) as connection, connection.transaction():
        found = logins.ensure(connection, settings.database_url, chosen, prefix, keep)
        text = _addresses(found, as_json=as_json)
        if file and text:  # before the commit: no password is set that nobody has
            _write(file, text)
    if not file:
        sys.stdout.write(text)
    _report(found, file, keep_old_for if rotate else "")


def _known(functions: Sequence[str]) -> list[str]:
    """`functions`, each of them once. Raises ValueError."""
    for name in functions:
        if name not in names():
            raise ValueError(f"there is no function {name}: {', '.join(names())}")
    return list(dict.fromkeys(functions))


def _addresses(found: Sequence[Login], *, as_json: bool) -> str:
    """One line of a .env for each new address, or a JSON object of them; empty when there is none."""
    new = {f"DATABASE_URL_{login.function}": login.url for login in found if login.url}
    if as_json:
        return json.dumps(new, indent=2) + "\n" if new else ""
    return "".join(f"{name}={url}\n" for name, url in new.items())


def _write(file: Path, text: str) -> None:
    """Raises AdminError."""
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError:
        raise AdminError(f"there is a file {file} already; nothing was changed", "name another one") from None
    except OSError as error:
        raise AdminError(f"{file} cannot be written ({error.strerror}); nothing was changed", "name another") from None


def _report(found: Sequence[Login], file: Path | None, kept_for: str) -> None:
    """To stderr: stdout is for the addresses."""
    new = [login.name for login in found if login.url]
    out = console(stderr=True)
    if len(new) < len(found):
        out.print(f"✓ {len(found) - len(new)} functions have their login; new passwords: carillon db roles --rotate")
    if new:
        out.print(f"✓ {len(new)} logins have new passwords, {new[0]} to begin with; they are shown this once")
        if file:
            out.print(f"  → give each function its address of {file}, and delete the file")
    if kept_for:
        out.print(f"  → the former logins end in {kept_for}: deploy the functions until then")
