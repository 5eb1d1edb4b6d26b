"""What of a payload is kept and indexed."""

from migrations.body import run_sql

revision = "0020_bytes"
down_revision = "0019_pauses"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
