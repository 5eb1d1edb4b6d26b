"""python -m infra.package aws|gcp|yandex [FUNCTION …]: `make package`, `make package-gcp`, `make package-yandex`."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from infra.local.server import names
from infra.package import aws, gcp
from infra.package.contents import EXTRAS
from infra.package.libraries import PackageError

ROOT = Path(__file__).parents[2]
YANDEX_PYTHON = "3.12"  # the newest of theirs
MAX_SMALLEST, MAX_LARGEST = 12_000_000, 30_000_000  # bytes: what a cold start has to fetch


def main() -> int:
    """Build and print the sizes; the exit code."""
    arguments = parser().parse_args()
    try:
        functions = chosen(arguments.functions)
        if arguments.platform == "gcp":
            out = arguments.out or ROOT / "build" / "gcp"
            sizes = gcp.build(ROOT, functions, out, arguments.extra)
        elif arguments.platform == "yandex":
            out = arguments.out or ROOT / "build" / "yandex"
            place = replace(aws.YANDEX, extras=tuple(arguments.extra))
            sizes = aws.build(ROOT, functions, "x86_64", arguments.python or YANDEX_PYTHON, out, place)
        else:
            out = arguments.out or ROOT / "build" / "aws" / arguments.architecture
            place = replace(aws.LAMBDA, extras=tuple(arguments.extra))
            python = arguments.python or aws.runtime(ROOT)
            sizes = aws.build(ROOT, functions, arguments.architecture, python, out, place)
            if not arguments.extra:  # whoever asks for more takes more
                check(sizes, whole=not arguments.functions)
    except PackageError as error:
        sys.stderr.write(f"carillon: {error}\n")
        return 1
    for function, size in sizes.items():
        sys.stdout.write(f"{out / function}.zip {size / 1e6:6.2f} MB\n")
    return 0


def chosen(asked: list[str]) -> list[str]:
    """The functions that were asked for, or all. Raises PackageError for a name that none has."""
    if unknown := sorted(set(asked) - set(names())):
        raise PackageError(f"there is no function {', '.join(unknown)}; there are {', '.join(names())}")
    return asked or names()


def check(sizes: dict[str, int], *, whole: bool) -> None:
    """Raises PackageError when archives have grown beyond what starts well; `whole` says that all of them are there."""
    if max(sizes.values()) > MAX_LARGEST or (whole and min(sizes.values()) > MAX_SMALLEST):
        listed = ", ".join(f"{function} {size / 1e6:.1f} MB" for function, size in sizes.items())
        raise PackageError(f"too large: {listed}; see what they import (infra/package/contents.py)")


def parser() -> argparse.ArgumentParser:
    """The command line's arguments."""
    result = argparse.ArgumentParser(prog="python -m infra.package", description="Packs each function.")
    result.add_argument("platform", choices=["aws", "gcp", "yandex"])
    result.add_argument("functions", nargs="*", metavar="FUNCTION", help="all, unless said")
    result.add_argument(
        "--extra", action="append", choices=sorted(EXTRAS), default=[], help="libraries that a setting wants, too"
    )
    result.add_argument("--architecture", choices=sorted(aws.PLATFORMS), default="arm64")
    result.add_argument("--python", help="its version (as serverless.yml says)")
    result.add_argument("--out", type=Path, help="where the archives go (build/)")
    return result


if __name__ == "__main__":
    sys.exit(main())
