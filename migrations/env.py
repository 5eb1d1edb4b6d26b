"""Alembic's environment: one transaction per migration, short lock waits, one deploy at a time."""

from alembic import context
from sqlalchemy import create_engine, pool, text

from shared import config

# A migration that cannot get its locks at once must not queue up in front of live traffic.
LOCK_TIMEOUT = "4s"
# The lock lives in a transaction of its own, because those of the migrations end one by one.
ONE_DEPLOY_AT_A_TIME = """
    set local idle_in_transaction_session_timeout = 0;
    select pg_advisory_xact_lock(hashtext('carillon.migrations'))
"""


def run() -> None:
    """Apply the wanted revisions over the direct connection (a pooler cannot hold the lock)."""
    url = context.config.attributes.get("url") or config.direct_database_url()
    engine = create_engine(config.sqlalchemy_url(url), poolclass=pool.NullPool)
    with engine.begin() as gate, engine.connect() as connection:
        gate.execute(text(ONE_DEPLOY_AT_A_TIME))
        connection.execute(text(f"set lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.commit()
        context.configure(connection=connection, transaction_per_migration=True, version_table="carillon_version")
        with context.begin_transaction():
            context.run_migrations()


run()
