"""Staff: what is taught, handed out and handed in."""

from migrations.body import run_sql

revision = "0041_courses_teaching"
down_revision = "0040_courses_participants"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
