"""Named parts of raw payloads are redacted after a day; what leaves by its term may be archived first."""

from migrations.body import run_sql

revision = "0049_redaction_and_archive"
down_revision = "0048_courses_changes"


def upgrade() -> None:
    """Apply the SQL file beside this one."""
    run_sql(__file__, "up")


def downgrade() -> None:
    """Undo it."""
    run_sql(__file__, "down")
