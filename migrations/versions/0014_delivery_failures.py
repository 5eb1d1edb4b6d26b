"""News of messages that a gateway had taken and that did not arrive."""

from migrations.body import run_sql

revision = "0014_delivery_failures"
down_revision = "0013_whatsapp_addresses"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
