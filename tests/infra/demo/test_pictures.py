"""The README's pictures of the sandbox are of the page as it is."""

import pytest

from tests.infra.demo import pictures


@pytest.mark.parametrize("name", pictures.NAMES)
def test_a_picture_shows_todays_page(name: str) -> None:
    taken_of = pictures.mark_of(pictures.PICTURES / name)

    assert taken_of == pictures.fingerprint(), "the page has changed: make pictures, look at them, and commit them"
