"""${message}

Reversible, and safe while the old code still runs: add before use, remove one release after the last use.
"""

from migrations.body import run_sql

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    run_sql(__file__, "up")


def downgrade() -> None:
    run_sql(__file__, "down")
