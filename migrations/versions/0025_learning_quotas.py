"""What one device and one client may use of the learning system."""

from migrations.body import run_sql

revision = "0025_learning_quotas"
down_revision = "0024_webhook_versions"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
