"""Whoever erases a row finds what belongs to it without a walk through a table that grows."""

import psycopg
from psycopg.rows import DictRow

from tests.conftest import rows

# Those of a table that stays small: as many rows as there are bots, desks, salons, tracks, schools.
SMALL = {
    "dashboard.tenant_settings.bot_id",
    "platform.webhook_sources.bot_id",
    "support.client_settings.telegram_bot_id",
    "support.client_settings.whatsapp_bot_id",
}
UNINDEXED = """
    select n.nspname || '.' || t.relname || '.' || a.attname as name
    from pg_constraint k
    join pg_class t on t.oid = k.conrelid
    join pg_namespace n on n.oid = t.relnamespace and n.nspname <> 'public'
    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
    where k.contype = 'f'
      and not exists (
          select from pg_index i
          where i.indrelid = k.conrelid and i.indisvalid and i.indpred is null and i.indkey[0] = k.conkey[1])
"""


def test_every_foreign_key_of_ours_leads_to_its_rows(connection: psycopg.Connection[DictRow]) -> None:
    """A partial index does not: the check of a foreign key knows no condition."""
    assert {row["name"] for row in rows(connection, UNINDEXED)} == SMALL
