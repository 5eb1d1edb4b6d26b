"""System 2: metrics, alerts, audits, conversations and bookings of salons."""

from migrations.body import run_sql

revision = "0007_salon"
down_revision = "0006_bot_tables"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
