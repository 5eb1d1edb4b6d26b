"""The rules of the house that neither ruff nor import-linter can keep."""

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conventions import tree
from tests.helpers.serving import ROOT

MAX_LINES = 250
MAX_LINES_OF_A_FUNCTION = 40
MAX_MODULES_OF_A_FOLDER = 12

# A reason each.
LONGER_FILES = {
    "migrations/schema.sql": "generated: the whole database at one glance",
    "migrations/versions/0002_getcourse.up.sql": "a system's schema, read from top to bottom",
    "migrations/versions/0038_courses.up.sql": "the same",
}
LONGER_FUNCTIONS: dict[str, str] = {}
LARGER_FOLDERS = {
    "infra/admin/doctor": "an area each, which examination.py names in their order",
    "functions/agent_reply": "the steps of one request, a module each, which handler.py names in their order",
    "shared/support": "the desk's rules and the statements of its tables, a subject each, for four functions",
}
ENVIRONMENT_TOUCHED_BY = {
    "shared/config.py": "it is the one reader",
    "infra/local/": "starts functions and a server, and passes their settings on",
    "infra/demo/": "the same for the demo",
    "infra/cli/": "takes DATABASE_URL and its like from a .env file",
    "infra/admin/recovery/programs.py": "passes pg_dump its password, where no list of processes shows it",
    "infra/package/bytecode.py": "passes the environment on to the Python that compiles, with sets in a fixed order",
    "infra/gcp/scheduler.py": "these settings are of one platform, and no function knows them",
    "infra/aws/handler.py": "a Lambda learns from it which function it is",
    "shared/clients/sqs.py": "these variables are AWS's own, by which a Lambda knows who it is",
}
CONNECTED_BY = {
    "shared/database/connections.py": "it opens the functions' connections",
    "migrations/env.py": "Alembic brings its own connection",
    "migrations/concurrently.py": "watches a build of the connection that Alembic brings",
    "infra/admin/database.py": "an operator's one connection, synchronous",
    "infra/local/postgres.py": "makes, looks at and drops whole databases",
}
PYTHON_FILES = [path for house in tree.HOUSES for path in tree.files(house, "*.py")]
TEST_FILES = list(tree.files("tests", "*.py"))


def _allowed(path: Path, reasons: dict[str, str]) -> bool:
    return any(tree.relative(path).startswith(place) for place in reasons)


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def test_no_file_is_too_long_to_read_at_once() -> None:
    readable = [path for house in tree.HOUSES for kind in ("py", "sql") for path in tree.files(house, f"*.{kind}")]
    lengths = {tree.relative(path): len(path.read_text(encoding="utf-8").splitlines()) for path in readable}

    assert {path: n for path, n in lengths.items() if n > MAX_LINES and path not in LONGER_FILES} == {}


def test_no_function_is_too_long_to_see_at_once() -> None:
    lengths = {
        f"{tree.relative(path)}:{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in PYTHON_FILES
        for node in tree.nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    too_long = {name: n for name, n in lengths.items() if n > MAX_LINES_OF_A_FUNCTION and name not in LONGER_FUNCTIONS}
    assert too_long == {}


def test_no_folder_has_more_modules_than_a_reader_keeps_apart() -> None:
    folders = [path.parent for house in ("functions", "shared", "infra") for path in tree.files(house, "*.py")]
    sizes = {tree.relative(folder): len(list(folder.glob("[!_]*.py"))) for folder in set(folders)}

    assert {folder for folder, n in sizes.items() if n > MAX_MODULES_OF_A_FOLDER} == set(LARGER_FOLDERS)


def test_only_config_touches_the_environment() -> None:
    names = {"os.environ", "os.environb", "os.getenv", "os.putenv", "os.unsetenv"}
    found = [
        f"{tree.relative(path)}:{node.lineno}"
        for path in PYTHON_FILES
        if not _allowed(path, ENVIRONMENT_TOUCHED_BY)
        for node in tree.nodes(path)
        if (isinstance(node, ast.Attribute) and _dotted(node) in names)
        or (isinstance(node, ast.ImportFrom) and node.module == "os" and {f"os.{a.name}" for a in node.names} & names)
    ]

    assert found == []


def test_only_the_pool_connects() -> None:
    openers = re.compile(r"(psycopg|(Async)?Connection)\.connect|(Async|Null)*ConnectionPool|create_(async_)?engine")
    found = [
        f"{tree.relative(path)}:{node.lineno}"
        for path in PYTHON_FILES
        if not _allowed(path, CONNECTED_BY)
        for node in tree.nodes(path)
        if isinstance(node, ast.Call) and openers.fullmatch(_dotted(node.func).removeprefix("psycopg_pool."))
    ]

    assert found == []


@pytest.mark.parametrize("path", TEST_FILES, ids=tree.relative)
def test_tests_patch_nothing(path: Path) -> None:
    """Seams are arguments and settings. A test that swaps our parts from outside tests something else."""
    assert list(_patches(tree.nodes(path))) == []


def _patches(nodes: list[ast.AST]) -> Iterator[str]:
    ours = {
        alias.asname or alias.name
        for node in nodes
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in tree.HOUSES
        for alias in node.names
    }
    for node in nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules = [alias.name for alias in node.names] + [getattr(node, "module", None) or ""]
            if any("mock" in name.split(".") or name == "pytest_mock" for name in modules):
                yield f"line {node.lineno}: imports a mock library"
        elif isinstance(node, ast.Attribute) and node.attr in ("setattr", "delattr", "setitem"):
            yield f"line {node.lineno}: {_dotted(node)}"
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id in ours:
                    yield f"line {node.lineno}: assigns {_dotted(target)}"


def test_tests_are_named_in_plain_words() -> None:
    """Not by the number of a list that nobody has at hand."""
    numbered = re.compile(r"test_[a-z]{1,2}\d+(_|$)")
    found = [
        f"{tree.relative(path)}:{node.lineno}"
        for path in TEST_FILES
        for node in tree.nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and numbered.match(node.name)
    ]

    assert found == []


def test_nothing_names_the_machine_it_was_made_on() -> None:
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("this is no git checkout")
    machine = re.compile(
        r"(?<![\w.{}])/(?:work|root|home/[a-z]\w*|Users/\w+|tmp/[a-z]\w*)(?:/|\b)|index[-_]url|INDEX_URL|trusted-host"
    )
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    paths = [ROOT / name for name in listed.stdout.split("\0") if name and not name.startswith(".ci/")]
    found = [
        f"{tree.relative(path)}:{number}"
        for path in paths
        if path.is_file() and path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        if machine.search(line)
    ]

    assert found == []
