"""Upgrade and downgrade the schema, and read its revision, without an alembic.ini."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from migrations.concurrently import Report, unwatched

HERE = Path(__file__).parent


def alembic_config(url: str, report: Report = unwatched) -> Config:
    """Alembic's configuration for the database at `url` (a postgresql:// address)."""
    configuration = Config()
    configuration.set_main_option("script_location", str(HERE))
    configuration.attributes.update(url=url, report=report)
    return configuration


def upgrade(url: str, revision: str = "head", report: Report = unwatched) -> None:
    """Bring the database at `url` up to `revision`; `report` is told what takes long, and how far it is."""
    command.upgrade(alembic_config(url, report), revision)


def downgrade(url: str, revision: str) -> None:
    """Take the database at `url` back to `revision` ("base" removes everything)."""
    command.downgrade(alembic_config(url), revision)


def head() -> str:
    """The newest revision in this checkout."""
    newest = ScriptDirectory.from_config(alembic_config("")).get_current_head()
    assert newest is not None
    return newest
