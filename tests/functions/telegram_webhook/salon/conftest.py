"""The function over HTTP, for salons."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.rows import DictRow, dict_row

from tests.functions.telegram_webhook.salon.world import ServedSalon, open_salon
from tests.helpers import arrange
from tests.helpers.threads import serve_in_thread


@pytest.fixture(scope="module")
def webhook(
    module_direct_url: str, module_database_url: str, printed: Path
) -> Iterator[tuple[psycopg.Connection[DictRow], str]]:
    """The function's database and address."""
    with (
        psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection,
        serve_in_thread(
            "telegram_webhook", printed, DATABASE_URL=module_database_url, SECRETS_KEY=arrange.SECRETS_KEY
        ) as served,
    ):
        yield connection, served.url


@pytest.fixture
def salon(webhook: tuple[psycopg.Connection[DictRow], str]) -> ServedSalon:
    """A salon with a bot and a group."""
    return open_salon(*webhook)
