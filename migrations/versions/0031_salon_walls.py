"""A viewer of one salon reads that salon's rows."""

from migrations.body import run_sql

revision = "0031_salon_walls"
down_revision = "0030_outbox_growth"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
