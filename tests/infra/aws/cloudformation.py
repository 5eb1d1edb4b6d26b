"""What serverless.yml says, and the CloudFormation that osls makes of it."""

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[3]
FUNCTIONS = sorted(path.parent.name for path in ROOT.glob("functions/*/main.py"))
BLOCKS = yaml.safe_load((ROOT / "serverless.yml").read_text(encoding="utf-8"))["functions"]
SCHEDULES = {name: block["events"][0]["schedule"]["rate"][0] for name, block in BLOCKS.items() if "events" in block}
OSLS = "osls@4.3.1"
TEMPLATE = "cloudformation-template-update-stack.json"


def of_type(template: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """The properties of all resources of a kind."""
    return [resource["Properties"] for resource in template["Resources"].values() if resource["Type"] == kind]


def logical_name(function: str, kind: str) -> str:
    """What osls calls a resource of a function."""
    return f"{function.capitalize().replace('_', 'Underscore')}{kind}"
