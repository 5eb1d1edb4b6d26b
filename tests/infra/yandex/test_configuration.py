"""infra/yandex/main.tf has the functions of serverless.yml. Only OpenTofu with the provider can validate all of it."""

import subprocess

import pytest

from infra.package import aws
from infra.yandex import deploy
from tests.helpers.opentofu import Configuration
from tests.infra.aws.cloudformation import BLOCKS, ROOT, SCHEDULES

YANDEX = Configuration(ROOT / "infra" / "yandex")
SECRETS = {"SECRETS_KEY", "CRON_SECRET", "LLM_API_KEY", "YCLIENTS_PARTNER_TOKEN"}


def test_every_function_is_there_as_serverless_yml_has_it() -> None:
    YANDEX.check_functions(BLOCKS, SECRETS, unit="Mi")


def test_each_function_is_our_entry_alone_with_its_secrets_and_its_own_identity() -> None:
    function = YANDEX.resource("yandex_function", "function")
    [secret] = function["dynamic"]

    assert function["entrypoint"] == deploy.ENTRY_POINT
    assert deploy.ENTRY_POINT.partition(".")[0] == aws.INDEX.stem
    assert function["concurrency"] == 1  # the handler runs one request at a time
    assert "FUNCTION_TARGET = each.key" in function["environment"]
    assert secret["secrets"]["content"][0]["environment_variable"] == "${secrets.key}"
    assert function["service_account_id"] == "${yandex_iam_service_account.function[each.key].id}"


def test_outsiders_come_through_the_gateway_and_only_what_is_poked_has_an_open_address() -> None:
    callers = YANDEX.resource("yandex_function_iam_binding", "caller")["members"]
    spec = YANDEX.resource("yandex_api_gateway", "gateway")["spec"]

    assert 'contains(["answer_conversations", "dispatch_notifications"], each.key) ? ["system:allUsers"]' in callers
    assert all("CRON_SECRET" in YANDEX.functions[name]["secrets"] for name in SCHEDULES)
    assert "local.public" in spec
    assert 'payload_format_version = "1.0"' in spec


def test_the_database_is_behind_its_pooler_in_transaction_mode() -> None:
    [config] = YANDEX.resource("yandex_mdb_postgresql_cluster", "carillon")["config"]

    assert config["pooler_config"][0]["pooling_mode"] == "TRANSACTION"
    assert YANDEX.resource("yandex_mdb_postgresql_user", "carillon")["generate_password"] is True


def test_no_secret_lies_in_the_state() -> None:
    [entry] = YANDEX.resource("yandex_lockbox_secret_version", "secret")["entries"]

    assert "command" in entry
    assert "text_value" not in YANDEX.text
    assert "password" not in YANDEX.resource("yandex_mdb_postgresql_user", "carillon")


def test_a_secrets_command_gives_its_value_and_no_more_and_fails_without_one() -> None:
    command = '["-c", "printf %s \\"$${${each.key}:?is not exported}\\""]'
    assert command in YANDEX.text
    shell = ["/bin/sh", "-c", 'printf %s "${SECRETS_KEY:?is not exported}"']  # what OpenTofu makes of it

    given = subprocess.run(shell, env={"SECRETS_KEY": "a b$c"}, capture_output=True, text=True, check=True)
    assert given.stdout == "a b$c"
    with pytest.raises(subprocess.CalledProcessError):
        subprocess.run(shell, env={}, capture_output=True, check=True)


def test_opentofu_reads_it_and_finds_it_valid_where_the_provider_is() -> None:
    YANDEX.check_with_program()
