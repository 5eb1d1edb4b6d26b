"""System 2: the bot's tables and Supabase's roles, where they are absent."""

from migrations.body import run_sql

revision = "0006_bot_tables"
down_revision = "0005_support_desk"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
