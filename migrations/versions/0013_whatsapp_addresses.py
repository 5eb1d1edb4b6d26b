"""All addresses of a WhatsApp person, remembered per desk."""

from migrations.body import run_sql

revision = "0013_whatsapp_addresses"
down_revision = "0012_desk_language"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
