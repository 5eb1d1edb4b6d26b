"""A track's file, and its import."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.infra.cli.conftest import Carillon, Ran

Import = Callable[..., Ran]

BELLS = """
slug: bells
title: Колокола
goal: Отличать благовест от трезвона
roadmap:
  - title: Как устроен колокол
    description: Юбка, плечи, язык.
  - title: Благовест
  - title: Трезвон
templates:
  - content: "Трек {{track_title}}, уровень {{level}}"
    variables: {level: новичок}
  - scope: global
    tab: practice
    content: Подсказывайте, не решайте.
"""


@pytest.fixture
def track_file(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a track file; its path."""

    def write(text: str) -> Path:
        path = tmp_path / "track.yml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def importing(carillon: Carillon, track_file: Callable[[str], Path]) -> Import:
    """Imports the text of a track file."""
    return lambda text, *options: carillon("learning", "import", str(track_file(text)), *options)
