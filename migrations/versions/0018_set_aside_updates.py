"""Telegram's updates that failed again and again, set aside."""

from migrations.body import run_sql

revision = "0018_set_aside_updates"
down_revision = "0017_people_who_started"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
