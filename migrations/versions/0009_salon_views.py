"""System 2: views of the salons, and money for those who manage."""

from migrations.body import run_sql

revision = "0009_salon_views"
down_revision = "0008_walls"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
