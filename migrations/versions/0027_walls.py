"""Moves bound to the bot that brings them, sealed tokens of salons, audits that only grow."""

from migrations.body import run_sql

revision = "0027_walls"
down_revision = "0026_column_grants"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
