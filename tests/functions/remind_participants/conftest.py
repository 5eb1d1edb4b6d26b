"""A school of each test's own."""

import psycopg
import pytest
from psycopg.rows import DictRow

from shared.database.pool import Database
from tests.functions.remind_participants.world import School


@pytest.fixture
def school(connection: psycopg.Connection[DictRow], database: Database) -> School:
    """A school with a bot, and nobody in it."""
    return School(connection, database)
