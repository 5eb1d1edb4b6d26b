"""What goes into a function's archive: what it imports, also late, the files beside that, and nothing else."""

import sysconfig
from functools import cache
from pathlib import Path

import pytest

from infra.package import aws, libraries
from infra.package.contents import Contents, contents_of
from infra.package.libraries import PackageError
from tests.conventions.tree import FUNCTIONS
from tests.helpers.serving import ROOT

INSTALLED = libraries.distributions_in(Path(sysconfig.get_path("platlib")))
DRAWS = {"dispatch_notifications"}
VALIDATES = {"agent_reply", "dispatch_notifications", "learning_api"}
TREE = {
    "functions/__init__.py": "",
    "functions/ring/__init__.py": "",
    "functions/ring/main.py": "import json\nfrom shared import bells\n\ndef late():\n    import httpx.whatever\n",
    "functions/ring/named_in_a_text.py": "import botocore.session",
    "functions/ring/ring.sql": "",
    "functions/ring/.env": "SECRETS_KEY=x",
    "functions/ring/crm.db": "",
    "functions/other/__init__.py": "",
    "functions/other/main.py": "import PIL",
    "shared/__init__.py": "",
    "shared/bells/__init__.py": "",
    "shared/bells/fonts/Bell.ttf": "",
    "shared/bells/.env.prod": "",
    "shared/unused.py": "import pydantic",
    "tests/test_ring.py": "",
}


def test_what_is_imported_goes_with_what_stands_beside_it_and_nothing_else(tmp_path: Path) -> None:
    for name, text in TREE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    contents = contents_of(tmp_path, "ring")

    assert [path.as_posix() for path in contents.files] == [
        "functions/__init__.py", "functions/ring/__init__.py", "functions/ring/main.py",
        "functions/ring/named_in_a_text.py", "functions/ring/ring.sql",
        "shared/__init__.py", "shared/bells/__init__.py", "shared/bells/fonts/Bell.ttf",
    ]  # fmt: skip
    assert contents.imports == {"httpx"}  # Python's own, and what Lambda has, are there


@pytest.mark.parametrize("function", FUNCTIONS)
def test_whatever_is_no_code_in_a_functions_folder_and_below_goes_with_it(function: str) -> None:
    """Statements, templates, a style sheet: a page without its template answers 500, and only where it is deployed."""
    assert _no_code(ROOT / "functions" / function) - set(_contents(function).files) == set()


def test_whatever_is_no_code_in_what_functions_share_goes_with_one_of_them() -> None:
    packed = {path for function in FUNCTIONS for path in _contents(function).files}

    assert _no_code(ROOT / "shared") - packed == set()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_carries_no_library_that_it_does_not_import(function: str) -> None:
    names = set(libraries.needed(INSTALLED, _contents(function).imports))

    assert {"psycopg", "psycopg-binary", "tzdata", "starlette", "mangum"} <= names
    assert ("pillow" in names) == (function in DRAWS)
    assert ("pydantic" in names) == (function in VALIDATES)
    assert names.isdisjoint({"botocore", "uvicorn", "sqlalchemy", "typer", "rich", "h2", "pytest"})


def test_what_is_imported_and_not_locked_is_named() -> None:
    with pytest.raises(PackageError, match=r"not in the lock file: celery, kafka; add it to pyproject"):
        libraries.needed(INSTALLED, {"kafka", "celery", "httpx"})


@cache
def _contents(function: str) -> Contents:
    return contents_of(ROOT, function, (aws.LAMBDA.entry,))


def _no_code(folder: Path) -> set[Path]:
    """Files that are no Python, relative to the checkout."""
    return {path.relative_to(ROOT) for path in folder.rglob("*.*") if path.suffix not in {".py", ".pyc"}}
