"""A .env file that a command completes: what stands in it stays, and nobody else may read it."""

import os
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values

from infra.admin.errors import AdminError


def read(path: Path) -> dict[str, str]:
    """What the file says; nothing when there is none. Raises AdminError."""
    try:
        return {name: value for name, value in dotenv_values(path, encoding="utf-8-sig").items() if value}
    except (OSError, UnicodeDecodeError):
        raise AdminError(f"{path} cannot be read", "see that it is yours, and UTF-8") from None


def complete(path: Path, values: Mapping[str, str]) -> list[str]:
    """Add the `values` that the file does not have; their names. It is written anew, whole or not at all.

    Raises AdminError.
    """
    known = read(path)
    missing = {name: value for name, value in values.items() if value and name not in known}
    try:
        before = path.read_text(encoding="utf-8-sig") if path.exists() else ""
        kept = [line for line in before.splitlines() if line.partition("=")[0].strip() not in missing]
        lines = [*kept, *(f"{name}={_quoted(value)}" for name, value in missing.items())]
        new = path.with_name(f"{path.name}.new")
        with os.fdopen(
            os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "w", encoding="utf-8"
        ) as out:
            out.write("".join(f"{line}\n" for line in lines))
        new.chmod(0o600)
        new.replace(path)
    except OSError as error:
        raise AdminError(f"{path} cannot be written: {error.strerror}", "run this in a folder of yours") from None
    return list(missing)


def _quoted(value: str) -> str:
    """As dotenv reads it back."""
    if all(letter.isalnum() or letter in "-_./:@%?=&+,~" for letter in value):
        return value
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
