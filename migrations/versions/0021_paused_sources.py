"""Sources that are paused."""

from migrations.body import run_sql

revision = "0021_paused_sources"
down_revision = "0020_bytes"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
