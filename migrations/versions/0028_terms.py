"""What the terms of personal data need."""

from migrations.body import run_sql

revision = "0028_terms"
down_revision = "0027_walls"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
