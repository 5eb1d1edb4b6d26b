"""System 0, the course CRM: schema courses. Its functions' rights come with the functions."""

from migrations.body import run_sql

revision = "0038_courses"
down_revision = "0037_calls_at_once"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
