"""What a source's paths name leaves its unread deliveries, too; one function redacts them and the raw payloads."""

from migrations.body import run_sql

revision = "0051_redacted_deliveries"
down_revision = "0050_lazy_services"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
