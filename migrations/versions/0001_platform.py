"""What all systems share."""

from migrations.body import run_sql

revision = "0001_platform"
down_revision = None


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
