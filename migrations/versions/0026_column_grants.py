"""Functions read the columns that they need, not whole tables."""

from migrations.body import run_sql

revision = "0026_column_grants"
down_revision = "0025_learning_quotas"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
