"""The role of remind_deadlines, which was called remind_courses."""

from migrations.body import run_sql

revision = "0011_remind_deadlines"
down_revision = "0010_learning"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
