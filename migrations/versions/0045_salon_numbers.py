"""What the salon owner's pages count: dialogs of days, their money, and what the salon did about its waiting list."""

from migrations.body import run_sql

revision = "0045_salon_numbers"
down_revision = "0044_salon_pages"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
