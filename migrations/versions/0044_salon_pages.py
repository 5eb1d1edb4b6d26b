"""The salon owner's pages: who signs in and how, and what their function may do."""

from migrations.body import run_sql

revision = "0044_salon_pages"
down_revision = "0043_remind_participants"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
