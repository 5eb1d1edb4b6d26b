"""The prompts of a desk's model. Old ones stay as history; one of each name is active."""

from pathlib import Path
from typing import Literal
from uuid import UUID

from psycopg import errors
from psycopg.rows import DictRow

from infra.admin.database import Connection, fetch, fetch_one
from infra.admin.errors import AdminError
from infra.admin.prompt_text import strip_prompt
from shared.database import sql

Name = Literal["system_prompt", "classifier"]
PLACEHOLDER = "НАЗВАНИЕ КОМПАНИИ"  # what the example leaves to be filled in
EXAMPLES = Path(__file__).parent / "example_prompts"

_SQL = sql.load(__file__)


def example(name: Name) -> str:
    """A prompt to begin with: the classifier as it is, the system_prompt to be filled in."""
    return (EXAMPLES / f"{name}.txt").read_text(encoding="utf-8")


def replace(connection: Connection, name: Name, text: str, desk: UUID | None = None) -> int:
    """Use a new text from now on, for `desk` or for all that have none of their own; its length in characters.

    Raises AdminError when the text is no prompt or somebody else changes it meanwhile.
    """
    text = strip_prompt(text)
    if PLACEHOLDER in text:
        raise AdminError("the example is not filled in", f"replace {PLACEHOLDER} and the facts with your own")
    with connection.transaction():
        deactivate(connection, name, desk)
        try:
            fetch_one(connection, _SQL["add"], desk=desk, name=name, text=text)
        except errors.UniqueViolation:
            raise AdminError(f"somebody else changed the {name} just now", "look at it, then try again") from None
    return len(text)


def deactivate(connection: Connection, name: Name, desk: UUID | None = None) -> bool:
    """Use the text of `desk`, or the one for all, no longer; whether there was one."""
    return bool(fetch(connection, _SQL["deactivate"], desk=desk, name=name))


def active(connection: Connection, name: Name, desk: UUID | None = None) -> DictRow:
    """The text that `desk` uses: its own, else the one for all. Raises AdminError when there is none."""
    found = fetch(connection, _SQL["active"], desk=desk, name=name)
    if not found:
        raise AdminError(f"there is no {name} yet", f"begin with: carillon support prompt {name} --example")
    return found[0]
