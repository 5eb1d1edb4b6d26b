"""Broadcasts: planning, sending, and what was changed afterwards."""

from migrations.body import run_sql

revision = "0042_courses_broadcasts"
down_revision = "0041_courses_teaching"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
