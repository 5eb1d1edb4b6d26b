"""salon_pages, served in a thread on a database of the module's own."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.rows import dict_row

from tests.functions.salon_pages.world import Browser, Plain, User, password_hash, served_settings, session, user
from tests.helpers.threads import serve_in_thread
from tests.helpers.worlds.salon import Salon, salon


@pytest.fixture(scope="module")
def plain(module_direct_url: str) -> Iterator[Plain]:
    """A connection to the module's database."""
    with psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection:
        yield connection


@pytest.fixture(scope="module")
def pages(module_database_url: str, printed: Path) -> Iterator[str]:
    """The address of the pages."""
    with serve_in_thread("salon_pages", printed, **served_settings(module_database_url)) as served:
        yield served.url


@pytest.fixture(scope="module")
def lotus(plain: Plain) -> Salon:
    """A salon."""
    return salon(plain, "Лотос")


@pytest.fixture(scope="module")
def neighbour(plain: Plain) -> Salon:
    """Another salon, whose rows nobody of the first one may see."""
    return salon(plain, "Сирень")


@pytest.fixture
def owner(pages: str, plain: Plain, lotus: Salon) -> Browser:
    """The owner's browser, signed in."""
    return Browser(pages, session(plain, user(plain, "admin", lotus.id).id))


@pytest.fixture
def employee(pages: str, plain: Plain, lotus: Salon) -> Browser:
    """That of somebody of the staff."""
    return Browser(pages, session(plain, user(plain, "staff", lotus.id).id))


@pytest.fixture
def operator(pages: str, plain: Plain) -> Browser:
    """That of whoever looks after all salons."""
    return Browser(pages, session(plain, user(plain, "super_admin").id))


@pytest.fixture
def person(plain: Plain, lotus: Salon) -> Iterator[User]:
    """Somebody with a password; whoever tries is counted anew."""
    plain.execute("delete from dashboard.sign_in_attempts")
    yield user(plain, "admin", lotus.id, encrypted_password=password_hash())
    plain.execute("delete from dashboard.sign_in_attempts")
