"""carillon salon as an owner who is no superuser: row level security counts for them, too."""

import uuid
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.rows import DictRow

from tests.conftest import rows
from tests.helpers import canaries
from tests.infra.cli.conftest import Carillon
from tests.migrations.tenant_isolation import AURORA, insert

Connection = psycopg.Connection[DictRow]

TABLES = """
select oid::regclass::text as name from pg_class
where relkind = 'r' and relnamespace in ('dashboard'::regnamespace, 'platform'::regnamespace)
"""


def test_all_commands_work_for_an_owner_whom_row_level_security_stops(
    carillon: Carillon, connection: Connection, direct_url: str
) -> None:
    insert(connection, "public.tenants_v2", id=AURORA, name="Аврора", slug="aurora",
           metadata=f'{{"telegram_bot_token": "{canaries.BOT_TOKEN}", "admin_chat_id": "-1001234567890"}}')  # fmt: skip
    owner = f"owner_{uuid.uuid4().hex[:12]}"
    connection.execute(f"create role {owner} login noinherit password 'owner'")
    try:
        for table in rows(connection, TABLES):
            connection.execute(f"alter table {table['name']} owner to {owner}")
        connection.execute(f"grant usage on schema dashboard, platform to {owner}")
        modern = connection.info.server_version >= 160000
        how = " with inherit false, set true" if modern else ""
        connection.execute(f"grant dashboard_keeper to {owner}{how}")
        parts = urlsplit(direct_url)
        url = urlunsplit(parts._replace(netloc=f"{owner}:owner@{parts.netloc.rpartition('@')[2]}"))
        with psycopg.connect(url, autocommit=True) as theirs:
            insert(connection, "dashboard.tenant_settings", tenant_id=AURORA)
            assert theirs.execute("select count(*) from dashboard.tenant_settings").fetchone() == (0,)

        connected = carillon("salon", "connect", "aurora", DATABASE_URL=url)
        changed = carillon("salon", "settings", "aurora", "--digest-hour", "7", DATABASE_URL=url)
        listed = carillon("salon", "tenants", "--json", DATABASE_URL=url)

        assert (connected.err, changed.err, listed.err) == ("", "", "")
        assert [(salon["bot"], salon["digest_hour"], salon["chat"]) for salon in listed.json] == [
            ("salon-aurora", 7, -1001234567890)
        ]
        assert len(rows(connection, "select from dashboard.audits")) == 2
    finally:
        connection.execute(f"reassign owned by {owner} to current_user")
        connection.execute(f"drop owned by {owner}")
        connection.execute(f"drop role {owner}")
