"""The bot of the course CRM: dialogs, invitations, and what its function may do."""

from migrations.body import run_sql

revision = "0039_courses_bot"
down_revision = "0038_courses"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
