"""python -m infra.previews [FILE]: write the page; by default into .carillon/."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from infra.local.postgres import HOME
from infra.previews.page import page


def main(arguments: Sequence[str] | None = None) -> None:
    """Write it, print where."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.previews", description="Draws every screen of the school's bot."
    )
    parser.add_argument("file", nargs="?", type=Path, default=HOME / "previews.html")
    path = parser.parse_args(arguments).file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
