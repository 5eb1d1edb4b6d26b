"""Upgrade and downgrade the schema, and read its revision, without an alembic.ini."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

HERE = Path(__file__).parent


def alembic_config(url: str) -> Config:
    """Alembic's configuration for the database at `url` (a postgresql:// address)."""
    configuration = Config()
    configuration.set_main_option("script_location", str(HERE))
    configuration.attributes["url"] = url
    return configuration


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at `url` up to `revision`."""
    command.upgrade(alembic_config(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Take the database at `url` back to `revision` ("base" removes everything)."""
    command.downgrade(alembic_config(url), revision)


def head() -> str:
    """The newest revision in this checkout."""
    newest = ScriptDirectory.from_config(alembic_config("")).get_current_head()
    assert newest is not None
    return newest
