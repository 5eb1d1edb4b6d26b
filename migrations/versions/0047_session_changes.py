"""What a device changes of its session is counted by the hour, as what it adds is."""

from migrations.body import run_sql

revision = "0047_session_changes"
down_revision = "0046_health"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
