"""Everything that is stored sealed is sealed anew, or nothing is."""

import re

import psycopg
import pytest
from psycopg.rows import DictRow

from infra.admin.errors import AdminError
from infra.admin.rotation import reseal
from shared.credentials import secrets
from shared.credentials.account import token_associated_data
from shared.salon import tenant_secrets
from tests.conftest import rows
from tests.helpers import arrange, canaries
from tests.helpers.worlds import salon, support

NEW = secrets.new_key()
BOTH = f"{NEW},{arrange.SECRETS_KEY}"
SEALED_COLUMNS = """
    select table_schema || '.' || table_name as table_name, column_name
    from information_schema.columns where data_type = 'bytea' and column_name ~ 'sealed$'
"""


def test_no_sealed_column_is_forgotten(connection: psycopg.Connection[DictRow]) -> None:
    for row in rows(connection, SEALED_COLUMNS):
        sealed = rf"\b{row['column_name']}\b[^;]*\bfrom {row['table_name']}\b"
        assert any(re.search(sealed, reseal._SQL[f"find_{kind}"]) for kind in reseal.SEALED), row


def test_every_value_opens_with_the_newest_key_alone(
    connection: psycopg.Connection[DictRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    support.desk(connection)
    tenant = salon.salon(connection).id
    place = tenant_secrets.associated_data(tenant, tenant_secrets.YCLIENTS_TOKEN)
    connection.execute(
        "insert into platform.tenant_secrets (tenant_id, name, sealed) values (%s, %s, %s)",
        (tenant, tenant_secrets.YCLIENTS_TOKEN, secrets.seal(arrange.SECRETS_KEY, "a salon's token", place)),
    )
    monkeypatch.setenv("SECRETS_KEY", BOTH)
    newest, older = secrets.key_ids(BOTH)
    assert reseal.sealed_by(connection) == {older: 4}

    assert reseal.reseal(connection) == 4

    monkeypatch.setenv("SECRETS_KEY", NEW)
    assert reseal.sealed_by(connection) == {newest: 4}
    assert reseal.reseal(connection) == 4, "again, which does no harm"
    [row] = rows(connection, "select sealed from platform.tenant_secrets")
    assert secrets.unseal(NEW, row["sealed"], place) == "a salon's token"
    [row] = rows(connection, "select token_sealed from platform.bots where name = 'echo-tg'")
    assert secrets.unseal(NEW, row["token_sealed"], token_associated_data("echo-tg")) == canaries.BOT_TOKEN


def test_a_value_that_does_not_open_leaves_all_as_they_are(
    connection: psycopg.Connection[DictRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    support.desk(connection)
    connection.execute("update platform.bots set token_sealed = 'x' where name = 'echo-wa'")
    before = rows(connection, "select name, token_sealed from platform.bots order by id")
    monkeypatch.setenv("SECRETS_KEY", BOTH)

    with pytest.raises(AdminError) as refused:
        reseal.reseal(connection)

    assert refused.value.cause == (
        "SECRETS_KEY does not open platform.bots.token_sealed/echo-wa; nothing is sealed anew"
    )
    assert "carillon bots add" in refused.value.next_step
    assert rows(connection, "select name, token_sealed from platform.bots order by id") == before
    assert reseal.sealed_by(connection)[None] == 1


def test_a_value_that_changes_meanwhile_is_not_overwritten(connection: psycopg.Connection[DictRow]) -> None:
    bot = arrange.bot(connection)
    stale = {"id": bot, "former": b"what it was", "sealed": b"old, sealed anew"}

    assert connection.execute(reseal._SQL["store_bot_tokens"], stale).rowcount == 0
