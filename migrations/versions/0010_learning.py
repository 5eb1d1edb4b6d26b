"""System 4, learning tracks with three conversational agents: schema learning, and the roles of its two functions."""

from migrations.body import run_sql

revision = "0010_learning"
down_revision = "0009_salon_views"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
