"""python -m infra.scaffold NAME [--trigger schedule|http] [--every "15 minutes"] [--root FOLDER]."""

import argparse
import re
import sys
from pathlib import Path

from infra.scaffold.layout import ScaffoldError, lay_out

ROOT = Path(__file__).parents[2]


def main() -> int:
    """Lay out the function that the arguments name; the exit code."""
    parser = argparse.ArgumentParser(prog="make function NAME=", description="Lays out a new function.")
    parser.add_argument("name", help="a verb and a noun, as the others are called: greet_newcomers")
    parser.add_argument("--trigger", choices=("schedule", "http"), default="schedule", help="who calls it")
    parser.add_argument("--every", default="15 minutes", help='how often: "1 minute", "15 minutes", "1 day"')
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if not re.fullmatch(
        r"(1 (minute|hour|day)|[2-9]\d* (minutes|hours|days)|1\d+ (minutes|hours|days))", arguments.every
    ):
        parser.error('--every is a number and a unit: "1 minute", "15 minutes", "1 day"')
    try:
        written = lay_out(arguments.root, arguments.name, arguments.trigger, arguments.every)
    except ScaffoldError as error:
        parser.error(str(error))
    for path in written:
        sys.stdout.write(f"wrote {path.relative_to(arguments.root)}\n")
    sys.stdout.write(
        "Next: .venv/bin/python -m tests.migrations.snapshot; then the paragraph in __init__.py, the row in README.md, "
        "a line in CHANGELOG.md, and the rules. CONTRIBUTING.md has the steps.\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
