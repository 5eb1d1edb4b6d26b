"""Answers that wait cost a look nothing."""

from migrations.body import run_sql

revision = "0029_waiting_answers"
down_revision = "0028_terms"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
