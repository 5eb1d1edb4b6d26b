"""When the secret of a bot's webhook was changed."""

from migrations.body import run_sql

revision = "0024_webhook_versions"
down_revision = "0023_bounded_conversations"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
