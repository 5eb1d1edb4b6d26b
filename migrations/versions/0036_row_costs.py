"""Answers that are told write less: keys that keep near each other, and rows that are written once."""

from migrations.body import run_sql

revision = "0036_row_costs"
down_revision = "0035_growers"


def upgrade() -> None:
    """Apply the SQL files beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
