"""What nobody dismissed is found by source and reason."""

from migrations.body import run_sql

revision = "0035_growers"
down_revision = "0034_erasing_indexes"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
