"""Participants: who belongs to a session, signing up for healing sessions, absence announced ahead."""

from migrations.body import run_sql

revision = "0040_courses_participants"
down_revision = "0039_courses_bot"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
