"""Backups by the owner of the database, and restores that are audited."""

from migrations.body import run_sql

revision = "0022_backups"
down_revision = "0021_paused_sources"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
