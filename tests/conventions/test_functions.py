"""What every function has: a folder, words that say what it is, a role, tests, and its rows."""

import ast
import re
from typing import Any

import pytest
import yaml

from tests.conventions import tree
from tests.helpers.serving import ROOT

RETIRED_ROLES = {"remind_courses": "the release before this one runs as it; the next one drops it"}


@pytest.mark.parametrize("function", tree.FUNCTIONS)
def test_a_function_says_what_it_is(function: str) -> None:
    paragraph = ast.get_docstring(tree.parse(ROOT / "functions" / function / "__init__.py")) or ""

    assert paragraph.count(". ") + paragraph.count(".\n") >= 1, "who calls it, what it changes, what it answers"


@pytest.mark.parametrize("function", tree.FUNCTIONS)
def test_a_function_is_created_of_settings_in_main(function: str) -> None:
    arguments = [
        [argument.arg for argument in node.args.args]
        for node in tree.parse(ROOT / "functions" / function / "main.py").body
        if isinstance(node, ast.FunctionDef) and node.name == "create"
    ]

    assert arguments == [["settings"]]


def test_every_folder_under_functions_is_a_function() -> None:
    folders = [path.parent.name for path in sorted((ROOT / "functions").glob("*/*.py"))]

    assert sorted(set(folders)) == tree.FUNCTIONS


def test_every_function_has_the_role_of_its_name_and_no_role_is_left_over() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in tree.files("migrations/versions", "*.up.sql"))

    assert sorted(set(re.findall(r"\bfn_(\w+)", text)) - set(RETIRED_ROLES)) == tree.FUNCTIONS


def test_roles_are_dropped_by_the_migration_that_makes_them() -> None:
    for up in tree.files("migrations/versions", "*.up.sql"):
        made, dropped = (
            sorted(set(re.findall(r"'fn_(\w+)'", file.read_text(encoding="utf-8"))))
            for file in (up, up.with_name(up.name.replace(".up.", ".down.")))
        )

        assert made == dropped, up.name


@pytest.mark.parametrize("function", tree.FUNCTIONS)
def test_every_function_is_tested_under_its_name(function: str) -> None:
    assert list((ROOT / "tests" / "functions" / function).glob("test_*.py"))


@pytest.mark.parametrize("function", tree.FUNCTIONS)
def test_every_function_has_its_row_in_the_readme(function: str) -> None:
    rows = [row for row in (ROOT / "README.md").read_text(encoding="utf-8").splitlines() if row.startswith("|")]
    if not rows:
        pytest.skip("README.md has no table yet")

    assert [row for row in rows if f"`{function}`" in row.split("|")[1]]


def test_serverless_yml_names_every_function() -> None:
    path = ROOT / "serverless.yml"
    if not path.exists():
        pytest.skip("there is no serverless.yml yet")
    template = yaml.load(path.read_text(encoding="utf-8"), _Template)  # noqa: S506 - a SafeLoader with CloudFormation's tags

    assert sorted(template["functions"]) == tree.FUNCTIONS


class _Template(yaml.SafeLoader):
    """Reads `!Ref` and its like as what follows them."""


def _untagged(loader: yaml.SafeLoader, _tag: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node)
    assert isinstance(node, yaml.ScalarNode)
    return loader.construct_scalar(node)


_Template.add_multi_constructor("!", _untagged)
