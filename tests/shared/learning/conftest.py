"""Somebody with a session."""

from typing import Any

import psycopg
import pytest

from tests.support import learning
from tests.support.learning import Learner


@pytest.fixture
def learner(connection: psycopg.Connection[Any]) -> Learner:
    return learning.learner(connection)
