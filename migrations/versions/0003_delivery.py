"""The delivery engine: channels, priorities, paced chats, topics, moved and blocked chats, audits."""

from migrations.body import run_sql

revision = "0003_delivery"
down_revision = "0002_getcourse"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
