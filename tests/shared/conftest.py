"""Somebody with a session."""

from typing import Any

import psycopg
import pytest

from tests.helpers import learning
from tests.helpers.learning import Learner


@pytest.fixture
def learner(connection: psycopg.Connection[Any]) -> Learner:
    return learning.learner(connection)
