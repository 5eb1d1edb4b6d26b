"""Settings: the right ones are read, the wrong ones are named, and no value is ever repeated."""

import os
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import config
from shared.errors import ConfigError
from tests.helpers import canaries
from tests.helpers.serving import ROOT

URL = "postgresql://someone:pass@db.example:6543/carillon"
HIDDEN = "canary-hidden-value"


def refusal(**environ: str) -> str:
    """Why these settings are refused."""
    with pytest.raises(ConfigError) as caught:
        config.load(environ)
    return str(caught.value)


@pytest.mark.parametrize(
    ("setting", "environ"),
    [
        ("DATABASE_URL", {}),
        ("DATABASE_URL", {"DATABASE_URL": HIDDEN}),
        ("DATABASE_URL", {"DATABASE_URL": f"mysql://u:{HIDDEN}@h/d"}),
        ("DATABASE_URL", {"DATABASE_URL": f"postgresql://u:{HIDDEN} x@h/d"}),
        ("DB_URL", {"DB_URL": f"sqlite:///{HIDDEN}"}),
        ("DB_USER", {"DB_HOST": "h", "DB_NAME": HIDDEN}),
        ("DB_NAME", {"DB_HOST": "h", "DB_USER": HIDDEN}),
        ("DB_PORT", {"DB_HOST": "h", "DB_USER": "u", "DB_NAME": "n", "DB_PORT": HIDDEN}),
        ("DB_USER", {"DB_HOST": "h", "DB_USER": f"{HIDDEN}\n", "DB_NAME": "n"}),
        ("DATABASE_DIRECT_URL", {"DATABASE_URL": URL, "DATABASE_DIRECT_URL": f"mysql://{HIDDEN}"}),
        ("DB_PORT", {"DB_HOST": "h", "DB_USER": "u", "DB_NAME": "n", "DB_PORT": "70000"}),
        ("DB_HOST", {"DB_HOST": f"{HIDDEN}:5432", "DB_USER": "u", "DB_NAME": "n"}),
        ("DB_HOST", {"DB_HOST": f"https://{HIDDEN}/", "DB_USER": "u", "DB_NAME": "n"}),
        ("POSTGRES_HOST_INTERNAL", {"POSTGRES_HOST_EXTERNAL": HIDDEN, "SERVER_ENV": "prod"}),
        ("POSTGRES_HOST_EXTERNAL", {"POSTGRES_HOST_INTERNAL": HIDDEN, "SERVER_ENV": "dev"}),
        ("SERVER_ENV", {"POSTGRES_HOST_EXTERNAL": "h", "SERVER_ENV": HIDDEN}),
        ("POSTGRES_USER", {"POSTGRES_HOST_EXTERNAL": HIDDEN}),
        ("POSTGRES_DB", {"POSTGRES_HOST_EXTERNAL": "h", "POSTGRES_USER": HIDDEN}),
        (
            "POSTGRES_PORT",
            {"POSTGRES_HOST_EXTERNAL": "h", "POSTGRES_USER": "u", "POSTGRES_DB": "d", "POSTGRES_PORT": HIDDEN},
        ),
        ("CRON_SECRET", {"DATABASE_URL": URL, "CRON_SECRET": f'{HIDDEN} "'}),
        ("CRON_SECRET", {"DATABASE_URL": URL, "CRON_SECRET": f"{HIDDEN}\x00"}),
        ("CRON_SECRET", {"DATABASE_URL": URL, "CRON_SECRET": HIDDEN}),
        ("CRON_SECRET_IS_PLATFORM", {"DATABASE_URL": URL, "CRON_SECRET_IS_PLATFORM": HIDDEN}),
        ("TELEGRAM_API_URL", {"DATABASE_URL": URL, "TELEGRAM_API_URL": HIDDEN}),
        ("TELEGRAM_API_URL", {"DATABASE_URL": URL, "TELEGRAM_API_URL": f"ftp://{HIDDEN}"}),
        ("TELEGRAM_API_URL", {"DATABASE_URL": URL, "TELEGRAM_API_URL": "https://"}),
        ("CHATFLOW_API_URL", {"DATABASE_URL": URL, "CHATFLOW_API_URL": HIDDEN}),
        ("EVOLUTION_API_URL", {"DATABASE_URL": URL, "EVOLUTION_API_URL": HIDDEN}),
        ("WHATSAPP_CLOUD_API_URL", {"DATABASE_URL": URL, "WHATSAPP_CLOUD_API_URL": HIDDEN}),
        ("YCLIENTS_API_URL", {"DATABASE_URL": URL, "YCLIENTS_API_URL": HIDDEN}),
        ("YCLIENTS_PARTNER_TOKEN", {"DATABASE_URL": URL, "YCLIENTS_PARTNER_TOKEN": f"{HIDDEN}-ключ"}),
        ("LEASE_SECONDS", {"DATABASE_URL": URL, "LEASE_SECONDS": HIDDEN}),
        ("LEASE_SECONDS", {"DATABASE_URL": URL, "LEASE_SECONDS": "nan"}),
        ("SEND_DEADLINE_SECONDS", {"DATABASE_URL": URL, "SEND_DEADLINE_SECONDS": "-1"}),
        ("SEND_DEADLINE_SECONDS", {"DATABASE_URL": URL, "SEND_DEADLINE_SECONDS": "inf"}),
        ("POKE", {"DATABASE_URL": URL, "POKE": HIDDEN}),
        ("POKE", {"DATABASE_URL": URL, "POKE": f"http:{HIDDEN}"}),
        ("POKE_ANSWERS", {"DATABASE_URL": URL, "POKE_ANSWERS": HIDDEN}),
        ("MEDIA_URL", {"DATABASE_URL": URL, "MEDIA_URL": HIDDEN, "SECRETS_KEY": HIDDEN}),
        ("MEDIA_URL", {"DATABASE_URL": URL, "MEDIA_URL": f"https://{HIDDEN}.example"}),
        ("LLM_API_URL", {"DATABASE_URL": URL, "LLM_API_URL": f"http://[{HIDDEN}", "LLM_MODEL": "m"}),
        ("LLM_API_KEY", {"DATABASE_URL": URL, "LLM_API_KEY": f"{HIDDEN}-ключ"}),
        ("LLM_MODEL", {"DATABASE_URL": URL, "LLM_API_URL": f"https://{HIDDEN}.example/v1"}),
        ("LLM_DEADLINE_SECONDS", {"DATABASE_URL": URL, "LLM_DEADLINE_SECONDS": "0"}),
        ("LOG_LEVEL", {"DATABASE_URL": URL, "LOG_LEVEL": HIDDEN}),
        ("ARCHIVE_URL", {"DATABASE_URL": URL, "ARCHIVE_URL": f"https://{HIDDEN}.example/x"}),
        ("SENTRY_DSN", {"DATABASE_URL": URL, "SENTRY_DSN": HIDDEN}),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", {"DATABASE_URL": URL, "OTEL_EXPORTER_OTLP_ENDPOINT": HIDDEN}),
        ("CORS_ORIGINS", {"DATABASE_URL": URL, "CORS_ORIGINS": f"https://{HIDDEN}/path"}),
        ("LEASE_SECONDS", {"DATABASE_URL": URL, "LEASE_SECONDS": "10"}),
    ],
)
def test_a_missing_or_garbled_setting_is_named_and_its_value_is_not(setting: str, environ: dict[str, str]) -> None:
    text = refusal(**environ)
    assert text.startswith(f"{setting} ")
    assert text.partition(": ")[2], "what to do next"
    assert HIDDEN not in text


@pytest.mark.parametrize(
    ("poke", "meant"),
    [
        ("none", "none"),
        ("", "none"),
        ("http:http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"),
        ("http:https://f.example/", "https://f.example/"),
        ("http://f.example", "http://f.example"),
        ("https://f.example", "https://f.example"),
    ],
)
def test_a_poke_is_none_or_an_address(poke: str, meant: str) -> None:
    dispatcher = config.load({"DATABASE_URL": URL, "POKE": poke})
    answers = config.load({"DATABASE_URL": URL, "POKE_ANSWERS": poke})

    assert (dispatcher.poke, dispatcher.poke_answers) == (meant, "none")
    assert (answers.poke, answers.poke_answers) == ("none", meant)


@pytest.mark.parametrize(("value", "token"), [("", ""), ("-", ""), ("partner-1", "partner-1")])
def test_a_dash_is_no_partner_token(value: str, token: str) -> None:
    assert config.load({"DATABASE_URL": URL, "YCLIENTS_PARTNER_TOKEN": value}).yclients_partner_token == token


def test_an_api_address_loses_its_last_slash() -> None:
    assert (
        config.load({"DATABASE_URL": URL, "TELEGRAM_API_URL": "http://127.0.0.1:9/"}).telegram_api_url
        == "http://127.0.0.1:9"
    )


def test_a_lease_is_at_least_twice_the_deadline_of_a_send() -> None:
    """Or a slow send would be taken for a dead one, and sent twice (docs/delivery.md, Settings)."""
    short = {"DATABASE_URL": URL, "LEASE_SECONDS": "4", "SEND_DEADLINE_SECONDS": "2"}

    settings = config.load(short)

    assert (settings.lease_seconds, settings.send_deadline_seconds) == (4.0, 2.0)
    assert refusal(**{**short, "SEND_DEADLINE_SECONDS": "2.1"}).startswith("LEASE_SECONDS ")
    usual = config.load({"DATABASE_URL": URL})
    assert usual.lease_seconds >= 2 * usual.send_deadline_seconds


def test_no_secret_is_in_the_repr() -> None:
    settings = config.load(
        {"DATABASE_URL": f"postgresql://u:{HIDDEN}@h/d"}
        | dict.fromkeys(("SECRETS_KEY", "CRON_SECRET", "LLM_API_KEY", "YCLIENTS_PARTNER_TOKEN"), 2 * HIDDEN)
    )
    assert HIDDEN not in repr(settings)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "DATABASE_URL",
                "DB_URL",
                "DB_HOST",
                "DB_PORT",
                "DB_USER",
                "DB_PASSWORD",
                "DB_NAME",
                "SERVER_ENV",
                "POSTGRES_HOST_EXTERNAL",
                "POSTGRES_HOST_INTERNAL",
                "POKE",
                "LOG_LEVEL",
                "CRON_SECRET",
                "TELEGRAM_API_URL",
                "MEDIA_URL",
                "LLM_API_URL",
                "LLM_API_KEY",
                "YCLIENTS_API_URL",
                "YCLIENTS_PARTNER_TOKEN",
            ]
        ),
        st.text(min_size=1).map(lambda text: f"{HIDDEN}{text}"),
    )
)
def test_no_garbage_whatsoever_raises_anything_but_a_named_error_without_it(environ: dict[str, Any]) -> None:
    text = ""
    try:
        config.load(environ)
    except ConfigError as error:
        text = str(error)
    assert HIDDEN not in text


def test_only_the_settings_that_were_asked_for_are_read() -> None:
    """A wrong key of the model does not stop the dispatcher."""
    settings = config.load({"DATABASE_URL": URL, "LLM_API_KEY": "ключ"}, ("database_url", "log_level"))

    assert (settings.database_url, settings.log_level) == (URL, "INFO")
    with pytest.raises(AttributeError, match="llm_api_key is not among the settings that were asked for"):
        _ = settings.llm_api_key


def test_a_process_without_a_setting_that_it_needs_ends_with_its_name() -> None:
    program = "from shared import config; config.settings(('database_url',))"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "CRON_SECRET": canaries.CRON_SECRET}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=300, check=False
    )

    assert done.returncode == 1
    assert done.stderr.startswith("carillon: DATABASE_URL is not set")


def test_the_direct_address_is_the_usual_one_unless_it_is_given() -> None:
    assert config.direct_database_url({"DATABASE_URL": URL}) == URL
    assert config.direct_database_url({"DATABASE_URL": URL, "DATABASE_DIRECT_URL": f"{URL}2"}) == f"{URL}2"
