"""infra/gcp/main.tf has the functions of serverless.yml. Only OpenTofu with the provider can validate all of it."""

from tests.helpers.opentofu import Configuration
from tests.infra.aws.cloudformation import BLOCKS, ROOT, SCHEDULES

GOOGLE = Configuration(ROOT / "infra" / "gcp")
SECRETS = {"SECRETS_KEY", "CRON_SECRET", "LLM_API_KEY", "YCLIENTS_PARTNER_TOKEN"}


def test_every_function_is_there_as_serverless_yml_has_it() -> None:
    GOOGLE.check_functions(BLOCKS, SECRETS, unit="")


def test_the_build_is_told_to_serve_asgi_and_so_is_the_server() -> None:
    """The buildpack reads the first, functions-framework the second."""
    function = GOOGLE.resource("google_cloudfunctions2_function", "function")

    assert function["build_config"][0]["environment_variables"] == {"FUNCTION_USE_ASGI": "1"}
    assert 'FUNCTION_USE_ASGI = "1"' in function["service_config"][0]["environment_variables"]


def test_a_scheduled_function_asks_who_calls_and_the_scheduler_says_it() -> None:
    variables = GOOGLE.resource("google_cloudfunctions2_function", "function")["service_config"][0][
        "environment_variables"
    ]
    target = GOOGLE.resource("google_cloud_scheduler_job", "schedule")["http_target"][0]
    audience = target["oidc_token"][0]["audience"]

    assert f'SCHEDULER_AUDIENCE = "{audience}"' in variables.replace("\\", "")
    assert "SCHEDULER_ACCOUNT = google_service_account.scheduler.email" in variables
    assert "CRON_SECRET_IS_PLATFORM" not in variables
    assert target["oidc_token"][0]["service_account_email"] == "${google_service_account.scheduler.email}"
    assert "headers" not in target  # they would lie in the state
    assert all("CRON_SECRET" in GOOGLE.functions[name]["secrets"] for name in SCHEDULES)


def test_no_secret_lies_in_the_state() -> None:
    [secrets] = [block["secrets"] for block in GOOGLE.content["variable"] if "secrets" in block]
    version = GOOGLE.resource("google_secret_manager_secret_version", "secret")

    assert (secrets["ephemeral"], secrets["sensitive"]) == (True, True)
    assert version["secret_data_wo"] == "${var.secrets[each.key]}"
    assert "secret_data" not in version
    assert GOOGLE.text.count("var.secrets[") == 1


def test_opentofu_reads_it_and_finds_it_valid_where_the_provider_is() -> None:
    GOOGLE.check_with_program()
