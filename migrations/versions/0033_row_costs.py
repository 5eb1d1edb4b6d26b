"""What every row costs in space and in the log."""

from migrations.body import run_sql

revision = "0033_row_costs"
down_revision = "0032_operators_indexes"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
