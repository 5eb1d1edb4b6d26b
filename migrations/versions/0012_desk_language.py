"""A desk's language, and the language of those for whom a bot works."""

from migrations.body import run_sql

revision = "0012_desk_language"
down_revision = "0011_remind_deadlines"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
