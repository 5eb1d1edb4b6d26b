"""One server for the session, one migrated template, a clone of it for each test that asks: new, or as good as new.

With --pooled, functions reach their database through PgBouncer; tests arrange and look directly in both passes.
"""

import gc
import os
import ssl
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg.rows import DictRow

from infra.local import postgres
from shared.database.pool import Database
from tests.helpers import canaries, pooler, templates
from tests.helpers.clones import Clone, Clones
from tests.helpers.pooled_pass import (
    pytest_addoption,
    pytest_collection_modifyitems,
    pytest_terminal_summary,
    pytest_testnodedown,
)
from tests.helpers.pooler import Pooler
from tests.helpers.serving import Served, serve

__all__ = ["pytest_addoption", "pytest_collection_modifyitems", "pytest_terminal_summary", "pytest_testnodedown"]
# Six thousand tests: who doubts a rule asks for more examples by name. How fast they come says nothing about the rule.
settings.register_profile("ours", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ours")
# Thousands of clients are made here, for plain HTTP; each would read the world's certificates anew, for 30 ms.
ssl.create_default_context = cache(ssl.create_default_context)  # type: ignore[assignment]
# How long a busy machine takes to answer says nothing: who names no timeout of their own waits a minute, not 5 s.
for phase in ("connect", "read", "write", "pool"):
    setattr(httpx._config.DEFAULT_TIMEOUT_CONFIG, phase, 60.0)
SERVER_HOME = Path(".carillon") / "tests"
gc.disable()  # until everything is imported and collected

GATEWAYS = ("TELEGRAM_API_URL", "CHATFLOW_API_URL", "EVOLUTION_API_URL", "WHATSAPP_CLOUD_API_URL")
YCLIENTS = ("YCLIENTS_API_URL", "YCLIENTS_PARTNER_TOKEN")
MODEL = ("LLM_API_URL", "LLM_API_KEY", "LLM_MODEL")
POKES = ("POKE", "POKE_ANSWERS")
SECRETS = ("SECRETS_KEY", "CRON_SECRET")
for setting in (*SECRETS, *GATEWAYS, *YCLIENTS, *MODEL, *POKES, "MEDIA_URL", "LOG_LEVEL", "DATABASE_DIRECT_URL"):
    os.environ.pop(setting, None)


def pytest_collection_finish() -> None:
    """What is there now stays for good: no search for garbage goes through ten thousand tests."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """A Postgres server: DATABASE_URL's, or an embedded one."""
    SERVER_HOME.parent.mkdir(exist_ok=True)
    with postgres.server(SERVER_HOME) as url:
        if "DATABASE_URL" not in os.environ:
            _spare_the_disk(url)
        yield url


def _spare_the_disk(url: str) -> None:
    """Only a machine that loses its power would miss it; and no dropped database waits for the disk any more.

    Nobody analyzes tables while a test looks at its plans, either; a clone whose statistics changed is not used again.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        if connection.execute("show autovacuum").fetchone() != ("off",):
            for setting in ("fsync", "full_page_writes", "autovacuum", "jit"):
                connection.execute(f"alter system set {setting} = off".encode())
            connection.execute("select pg_reload_conf()")


@pytest.fixture(scope="session")
def template(server_url: str) -> str:
    """The name of a migrated database to clone."""
    return templates.migrated(server_url)


@pytest.fixture(scope="session")
def front(request: pytest.FixtureRequest, server_url: str, printed: Path) -> Iterator[Pooler | None]:
    """The PgBouncer that functions meet; None in the direct pass."""
    if not request.config.getoption("pooled"):
        yield None
        return
    with pooler.running(server_url, printed) as running:
        yield running


@pytest.fixture(scope="session")
def clones(server_url: str, template: str) -> Iterator[Clones]:
    """Clones of the template."""
    clones = Clones(server_url, template)
    yield clones
    clones.drop()


@pytest.fixture
def clone(clones: Clones) -> Iterator[Clone]:
    """A fresh migrated database for one test."""
    with clones.one() as clone:
        yield clone


@pytest.fixture
def direct_url(clone: Clone) -> str:
    """Its address past the pooler."""
    return clone.url


@pytest.fixture(scope="module")
def module_direct_url(clones: Clones) -> Iterator[str]:
    """A fresh migrated database for a module whose tests keep out of each other's way, past the pooler."""
    with clones.one() as clone:
        clone.close()  # nobody asks for its connection
        yield clone.url


@pytest.fixture
def database_url(direct_url: str, front: Pooler | None) -> str:
    """The same database, for functions."""
    return front.url(direct_url) if front else direct_url


@pytest.fixture(scope="module")
def module_database_url(module_direct_url: str, front: Pooler | None) -> str:
    """The module's database, for functions."""
    return front.url(module_direct_url) if front else module_direct_url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The handle that functions use, on this test's database."""
    handle = Database(database_url, size=4)
    yield handle
    await handle.close()


@pytest.fixture
def connection(clone: Clone) -> psycopg.Connection[DictRow]:
    """A plain connection to look and arrange with."""
    return clone.connection


@pytest.fixture(scope="session")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where every process that the suite starts prints to. No canary may be in it at the end."""
    folder = tmp_path_factory.mktemp("printed")
    yield folder
    found = canaries.found_in(folder)
    assert not found, f"secrets or personal data were printed: {found}"


@pytest.fixture(scope="module")
def served_ingest(module_database_url: str, printed: Path) -> Iterator[Served]:
    """ingest_webhook as it is deployed, on the module's database."""
    with serve("ingest_webhook", printed, DATABASE_URL=module_database_url) as served:
        yield served


def rows(connection: psycopg.Connection[Any], query: str, *values: object) -> list[Any]:
    """All rows of a query."""
    return connection.execute(query, values).fetchall()
