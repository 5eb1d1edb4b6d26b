"""How many calls of the model a public client has under way, counted for all processes together."""

from migrations.body import run_sql

revision = "0037_calls_at_once"
down_revision = "0036_row_costs"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
