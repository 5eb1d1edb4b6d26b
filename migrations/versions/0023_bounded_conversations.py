"""Conversations that failed are counted, and what a bot says to one customer has a limit."""

from migrations.body import run_sql

revision = "0023_bounded_conversations"
down_revision = "0022_backups"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
