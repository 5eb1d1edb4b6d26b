"""The function with a school, and a Postgres that may be stopped."""

import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow, dict_row

from tests.functions.ingest_webhook.getcourse.cluster import Cluster
from tests.functions.ingest_webhook.getcourse.world import World
from tests.helpers import arrange
from tests.helpers.pooler import Pooler
from tests.helpers.serving import Served


@pytest.fixture(scope="module")
def school_database(module_direct_url: str) -> Iterator[psycopg.Connection[DictRow]]:
    """The module's database with the source "school" in it."""
    with psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection:
        arrange.source(connection)
        yield connection


@pytest.fixture(scope="module")
def world(served_ingest: Served, school_database: psycopg.Connection[DictRow]) -> Iterator[World]:
    """The function on the module's database, and a client that keeps its connection."""
    with httpx.Client(timeout=120, trust_env=False) as http:
        yield World(served_ingest, school_database, http)


@pytest.fixture(scope="session")
def cluster(front: Pooler | None, printed: Path) -> Iterator[Cluster]:
    """A Postgres of our own, to be stopped and killed; migrated, with the source "school"."""
    with (
        tempfile.TemporaryDirectory(prefix="carillon-", ignore_cleanup_errors=True) as folder,
        Cluster.at(Path(folder)) as own,
        own.behind_a_pooler(printed) if front else nullcontext(),
    ):
        yield own
