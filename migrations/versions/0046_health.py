"""What a function may know of the whole: the schema's revision, how long messages wait, and who was not called."""

from migrations.body import run_sql

revision = "0046_health"
down_revision = "0045_salon_numbers"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
