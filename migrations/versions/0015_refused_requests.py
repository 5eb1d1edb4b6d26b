"""Requests that were refused before anything was stored, counted."""

from migrations.body import run_sql

revision = "0015_refused_requests"
down_revision = "0014_delivery_failures"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
