"""infra/gcp/main.tf has the functions of serverless.yml. Only OpenTofu with the provider can validate all of it."""

import re
import shutil
import subprocess
from typing import Any

import hcl2
import pytest

from infra.local.schedules import seconds_of
from tests.infra.aws.cloudformation import BLOCKS, ROOT, SCHEDULES

FOLDER = ROOT / "infra" / "gcp"
SECRETS = {"SECRETS_KEY", "CRON_SECRET", "LLM_API_KEY", "YCLIENTS_PARTNER_TOKEN"}
ELSEWHERE = {"FUNCTION_TARGET", "DATABASE_URL"}  # by other means
PERIODS = {r"\* \* \* \* \*": 60, r"\*/(\d+) \* \* \* \*": 60, r"0 \d+ \* \* \*": 86400}


def plain(value: Any) -> Any:
    """A value without the quotes that the reader keeps."""
    if isinstance(value, dict):
        return {plain(key): plain(found) for key, found in value.items()}
    if isinstance(value, list):
        return [plain(found) for found in value]
    return value[1:-1] if isinstance(value, str) and value.startswith('"') else value


with (FOLDER / "main.tf").open(encoding="utf-8") as file:
    CONFIGURATION = plain(hcl2.load(file))
FUNCTIONS = CONFIGURATION["locals"][0]["functions"]


def resource(kind: str, name: str) -> dict[str, Any]:
    """A resource's block."""
    [found] = [block[kind][name] for block in CONFIGURATION["resource"] if name in block.get(kind, {})]
    block: dict[str, Any] = found
    return block


def period(cron: str) -> int:
    """The seconds between two times of a schedule."""
    [(found, seconds)] = [(match, n) for pattern, n in PERIODS.items() if (match := re.fullmatch(pattern, cron))]
    return seconds * int(found[1]) if found.groups() else seconds


def test_every_function_is_there_as_serverless_yml_has_it() -> None:
    assert set(FUNCTIONS) == set(BLOCKS)
    for name, block in BLOCKS.items():
        function, asked = FUNCTIONS[name], set(block["environment"])
        assert function["timeout"] == block["timeout"], name
        assert function["memory"] == f"{block.get('memorySize', 256)}Mi", name
        by_http = {"CRON_SECRET"} if "POKE" in asked else set()  # on AWS a queue takes the pokes
        assert set(function["secrets"]) == asked & SECRETS | by_http, name
        assert set(function["settings"]) == asked - SECRETS - ELSEWHERE, name
        if name in SCHEDULES:
            assert period(function["schedule"]) == seconds_of(name, SCHEDULES[name]), name
        else:
            assert (function["schedule"], function["instances"]) == ("", block["reservedConcurrency"]), name


def test_the_build_is_told_to_serve_asgi_and_so_is_the_server() -> None:
    """The buildpack reads the first, functions-framework the second."""
    function = resource("google_cloudfunctions2_function", "function")

    assert function["build_config"][0]["environment_variables"] == {"FUNCTION_USE_ASGI": "1"}
    assert 'FUNCTION_USE_ASGI = "1"' in function["service_config"][0]["environment_variables"]


def test_a_scheduled_function_asks_who_calls_and_the_scheduler_says_it() -> None:
    variables = resource("google_cloudfunctions2_function", "function")["service_config"][0]["environment_variables"]
    target = resource("google_cloud_scheduler_job", "schedule")["http_target"][0]
    audience = target["oidc_token"][0]["audience"]

    assert f'SCHEDULER_AUDIENCE = "{audience}"' in variables.replace("\\", "")
    assert "SCHEDULER_ACCOUNT = google_service_account.scheduler.email" in variables
    assert "CRON_SECRET_IS_PLATFORM" not in variables
    assert target["oidc_token"][0]["service_account_email"] == "${google_service_account.scheduler.email}"
    assert "headers" not in target  # they would lie in the state
    assert all("CRON_SECRET" in FUNCTIONS[name]["secrets"] for name in SCHEDULES)


def test_no_secret_lies_in_the_state() -> None:
    [secrets] = [block["secrets"] for block in CONFIGURATION["variable"] if "secrets" in block]
    version = resource("google_secret_manager_secret_version", "secret")

    assert (secrets["ephemeral"], secrets["sensitive"]) == (True, True)
    assert version["secret_data_wo"] == "${var.secrets[each.key]}"
    assert "secret_data" not in version
    assert (FOLDER / "main.tf").read_text(encoding="utf-8").count("var.secrets[") == 1


def test_opentofu_reads_it_and_finds_it_valid_where_the_provider_is() -> None:
    tofu = shutil.which("tofu") or shutil.which("terraform")
    if tofu is None:
        pytest.skip("neither OpenTofu nor Terraform is here")
    subprocess.run([tofu, "fmt", "-check", "-diff"], cwd=FOLDER, check=True)
    if not (FOLDER / ".terraform").exists():
        pytest.skip("infra/gcp is read, not validated: nobody ran `tofu init` there, which gets the provider")
    subprocess.run([tofu, "validate"], cwd=FOLDER, check=True)
