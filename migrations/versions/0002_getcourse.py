"""System 1: GetCourse."""

from migrations.body import run_sql

revision = "0002_getcourse"
down_revision = "0001_platform"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
