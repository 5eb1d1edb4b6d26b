"""Reminders of the course, each once per person, and which of them a person wants."""

from migrations.body import run_sql

revision = "0043_remind_participants"
down_revision = "0042_courses_broadcasts"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
