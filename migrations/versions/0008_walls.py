"""System 2: the walls between tenants: claims and policies."""

from migrations.body import run_sql

revision = "0008_walls"
down_revision = "0007_salon"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
