"""What the functions of the support desk need beyond its tables: marks, moves, numbers per manager, roles."""

from migrations.body import run_sql

revision = "0005_support_desk"
down_revision = "0004_support"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
