"""System 3: the WhatsApp support desk with handover to people."""

from migrations.body import run_sql

revision = "0004_support"
down_revision = "0003_delivery"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
