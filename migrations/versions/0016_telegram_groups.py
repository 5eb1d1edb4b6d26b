"""What keeps a Telegram group from being written to."""

from migrations.body import run_sql

revision = "0016_telegram_groups"
down_revision = "0015_refused_requests"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
