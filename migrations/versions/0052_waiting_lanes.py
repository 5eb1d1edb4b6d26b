"""Whoever looks for what is due asks only the bots that have lanes waiting, not every bot there is."""

from migrations.body import run_sql

revision = "0052_waiting_lanes"
down_revision = "0051_redacted_deliveries"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
