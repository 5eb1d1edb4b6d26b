"""Who has pressed Start in which bot."""

from migrations.body import run_sql

revision = "0017_people_who_started"
down_revision = "0016_telegram_groups"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
