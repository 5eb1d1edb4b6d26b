"""The outbox and its lanes cost what is in them now, not what was."""

from migrations.body import run_sql

revision = "0030_outbox_growth"
down_revision = "0029_waiting_answers"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
