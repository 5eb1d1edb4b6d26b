"""serverless.yml names every function with its trigger, and becomes a template that AWS would take."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
FUNCTIONS = sorted(path.parent.name for path in ROOT.glob("functions/*/main.py"))
BLOCKS = yaml.safe_load((ROOT / "serverless.yml").read_text(encoding="utf-8"))["functions"]
SCHEDULES = {name: block["events"][0]["schedule"]["rate"][0] for name, block in BLOCKS.items() if "events" in block}
OSLS = "osls@4.3.1"


def test_every_function_has_one_block_with_a_trigger_and_its_own_timeout() -> None:
    assert sorted(BLOCKS) == FUNCTIONS
    for name, block in BLOCKS.items():
        assert block["environment"] == {"FUNCTION_TARGET": name}
        assert block["timeout"] > 0
        assert bool(block.get("url")) != bool(block.get("events"))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The CloudFormation that osls makes of it, offline and without credentials."""
    npx = shutil.which("npx")
    if npx is None:
        pytest.skip("no Node here: the template is not packaged")
    there = subprocess.run([npx, "--yes", OSLS, "--version"], capture_output=True, text=True, check=False, timeout=110)
    if there.returncode != 0:
        pytest.skip("osls cannot be had from the npm registry: the template is not packaged")
    folder = tmp_path_factory.mktemp("package")
    command = [npx, "--yes", OSLS, "package", "--package", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=110)
    assert done.returncode == 0, done.stdout + done.stderr
    made: dict[str, Any] = json.loads((folder / "cloudformation-template-update-stack.json").read_text())
    (folder / "template.json").write_text(json.dumps(made))
    made["file"] = str(folder / "template.json")
    return made


def of_type(template: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """The properties of all resources of a kind."""
    return [resource["Properties"] for resource in template["Resources"].values() if resource["Type"] == kind]


@pytest.mark.slow
def test_each_folder_is_a_lambda_of_the_same_name(template: dict[str, Any]) -> None:
    names = sorted(one["FunctionName"] for one in of_type(template, "AWS::Lambda::Function"))

    assert names == [f"carillon-dev-{name}" for name in FUNCTIONS]


@pytest.mark.slow
def test_each_schedule_has_its_rate_and_says_what_to_do(template: dict[str, Any]) -> None:
    schedules = {
        json.loads(one["Target"]["Input"])["task"]: one["ScheduleExpression"]
        for one in of_type(template, "AWS::Scheduler::Schedule")
    }

    assert schedules == SCHEDULES
    assert schedules["dispatch_notifications"] == "rate(1 minute)"


@pytest.mark.slow
def test_only_the_doors_for_strangers_have_an_address(template: dict[str, Any]) -> None:
    targets = [json.dumps(one["TargetFunctionArn"]) for one in of_type(template, "AWS::Lambda::Url")]

    assert len(targets) == len(FUNCTIONS) - len(SCHEDULES)
    assert "IngestUnderscorewebhook" in targets[0]


@pytest.mark.slow
def test_no_secret_is_in_the_template(template: dict[str, Any]) -> None:
    for one in of_type(template, "AWS::Lambda::Function"):
        variables = dict(one["Environment"]["Variables"])
        variables.pop("FUNCTION_TARGET")
        assert all(value.startswith("{{resolve:secretsmanager:") for value in variables.values())


@pytest.mark.slow
def test_cfn_lint_finds_no_error(template: dict[str, Any]) -> None:
    command = ["cfn-lint", "--non-zero-exit-code", "error", "--", template["file"]]
    program = Path(shutil.which("cfn-lint") or ROOT / ".venv/bin/cfn-lint")
    done = subprocess.run([str(program), *command[1:]], capture_output=True, text=True, check=False, timeout=110)

    assert done.returncode == 0, done.stdout
