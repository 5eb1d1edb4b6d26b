"""What erasing walks has an index, and autovacuum comes in time."""

from migrations.body import run_sql

revision = "0034_erasing_indexes"
down_revision = "0033_row_costs"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
