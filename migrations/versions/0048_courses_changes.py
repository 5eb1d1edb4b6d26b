"""Participants hear of what is moved or cancelled; albums are kept whole; drafts have a term."""

from migrations.body import run_sql

revision = "0048_courses_changes"
down_revision = "0047_session_changes"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
