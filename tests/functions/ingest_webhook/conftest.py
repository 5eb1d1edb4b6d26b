"""ingest_webhook in a thread of the tests' process; what needs a process of its own starts one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.serving import Served
from tests.helpers.threads import serve_in_thread


@pytest.fixture(scope="module")
def served_ingest(module_database_url: str, printed: Path) -> Iterator[Served]:
    """The function on the module's database."""
    with serve_in_thread("ingest_webhook", printed, DATABASE_URL=module_database_url) as served:
        yield served
