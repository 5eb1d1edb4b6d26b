"""Operators' questions find their rows, and runs that did something."""

from migrations.body import run_sql

revision = "0032_operators_indexes"
down_revision = "0031_salon_walls"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
