"""A school whose tests keep to people of their own, and the function."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.rows import dict_row

from tests.functions.telegram_webhook.courses.world import School, Somebody
from tests.helpers import arrange
from tests.helpers.threads import serve_in_thread


@pytest.fixture(scope="module")
def school(module_direct_url: str, module_database_url: str, printed: Path) -> Iterator[School]:
    """A school, its bot and the function."""
    with (
        psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection,
        serve_in_thread(
            "telegram_webhook", printed, DATABASE_URL=module_database_url, SECRETS_KEY=arrange.SECRETS_KEY
        ) as served,
    ):
        yield School(connection, served.url)


@pytest.fixture
def author(school: School) -> Iterator[Somebody]:
    """An administrator without broadcasts."""
    yield school.person("admin", full_name="Анна <А>")
    school.connection.execute("delete from courses.broadcasts")
