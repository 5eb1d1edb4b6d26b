"""A dialog's services are unpacked where somebody asks for them, and not before dialogs are told apart."""

from migrations.body import run_sql

revision = "0050_lazy_services"
down_revision = "0049_redaction_and_archive"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
