"""Pauses of bots and chats that were told."""

from migrations.body import run_sql

revision = "0019_pauses"
down_revision = "0018_set_aside_updates"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
