"""What production does not take: secrets and rows in clear over a public network, a weak secret of the scheduler."""

import pytest

from shared import config
from shared.errors import ConfigError
from tests.helpers import canaries

PUBLIC = "postgresql://u:p@db.example.com:6543/carillon"
LONG = "a-former-secret-of-the-scheduler"
ADDRESSES = (
    "TELEGRAM_API_URL", "CHATFLOW_API_URL", "EVOLUTION_API_URL", "WHATSAPP_CLOUD_API_URL", "YCLIENTS_API_URL",
    "LLM_API_URL", "MEDIA_URL", "POKE", "POKE_ANSWERS",
)  # fmt: skip


def loaded(server: str = "prod", **environ: str) -> config.Settings:
    whole = {"DATABASE_URL": "postgresql://u@db/carillon", "SECRETS_KEY": "k", "LLM_MODEL": "m", "SERVER_ENV": server}
    return config.load(whole | environ)


@pytest.mark.parametrize("setting", ADDRESSES)
def test_in_production_no_token_travels_in_clear(setting: str) -> None:
    with pytest.raises(ConfigError) as refused:
        loaded(**{setting: "http://evil.example/v1"})

    assert str(refused.value).startswith(f"{setting} ")
    assert "write https://" in str(refused.value)
    assert "evil" not in str(refused.value)


@pytest.mark.parametrize("setting", ADDRESSES)
@pytest.mark.parametrize(
    "address", ["https://api.example.com", "http://127.0.0.1:8081/x", "http://evolution:8080", "http://[fd00::1]:80"]
)
def test_in_production_encrypted_and_private_addresses_are_taken(setting: str, address: str) -> None:
    assert getattr(loaded(**{setting: address}), setting.lower()) == address


def test_elsewhere_plain_addresses_are_taken() -> None:
    assert loaded("dev", TELEGRAM_API_URL="http://t.example").telegram_api_url == "http://t.example"


def test_in_production_a_queue_is_called_encrypted() -> None:
    queue = "://sqs.eu-central-1.amazonaws.com/123456789012/carillon-pokes.fifo"
    assert loaded(POKE=f"sqs:https{queue}").poke == f"sqs:https{queue}"
    with pytest.raises(ConfigError, match="POKE begins with http://"):
        loaded(POKE=f"sqs:http{queue}")


def test_a_server_env_that_means_nothing_does_not_switch_that_off() -> None:
    with pytest.raises(ConfigError, match="SERVER_ENV has a value that means nothing: write one of dev, prod"):
        loaded("production", TELEGRAM_API_URL="http://evil.example")


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (PUBLIC, f"{PUBLIC}?sslmode=require"),
        (f"{PUBLIC}?application_name=x", f"{PUBLIC}?application_name=x&sslmode=require"),
        ("postgresql://8.8.8.8/d", "postgresql://8.8.8.8/d?sslmode=require"),
        ("postgresql://u@[2001:db8::1]:5433/d", "postgresql://u@[2001:db8::1]:5433/d?sslmode=require"),
        ("postgresql://u@db,db.example.com:5433/d", "postgresql://u@db,db.example.com:5433/d?sslmode=require"),
        ("postgresql://u@db/d?host=db.example.com", "postgresql://u@db/d?host=db.example.com&sslmode=require"),
        ("postgresql://u@db/d?hostaddr=8.8.8.8", "postgresql://u@db/d?hostaddr=8.8.8.8&sslmode=require"),
        (
            "postgresql://postgres.abc:p%40@aws-0-eu-central-1.pooler.supabase.com:6543/postgres",
            "postgresql://postgres.abc:p%40@aws-0-eu-central-1.pooler.supabase.com:6543/postgres?sslmode=require",
        ),
        *((same, same) for same in (
            f"{PUBLIC}?sslmode=require",
            f"{PUBLIC}?sslmode=verify-full&sslrootcert=/certs/root.crt",
            "postgresql://u:p@127.0.0.1:5432/d",
            "postgresql://u:p@localhost/d?sslmode=disable",
            "postgresql://u:p@[::1]:5433/d",
            "postgresql://u:p@db:5432,10.0.0.7/d",
            "postgresql://u:p@[fd00::1]/d",
            "postgresql://u:p@db.example.com/d?host=/run/postgresql",
            "postgresql:///d?host=/run/postgresql",
            "postgresql:///d",
        )),
    ],
)  # fmt: skip
def test_in_production_the_database_is_asked_for_tls_over_public_networks(given: str, meant: str) -> None:
    settings = loaded(DATABASE_URL=given)

    assert (settings.database_url, settings.database_direct_url) == (meant, meant)
    assert loaded("dev", DATABASE_URL=given).database_url == given
    assert loaded(DATABASE_DIRECT_URL=given).database_direct_url == meant


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer"])
def test_in_production_nobody_asks_for_less(mode: str) -> None:
    with pytest.raises(ConfigError) as refused:
        loaded(DATABASE_URL=f"{PUBLIC}?sslmode={mode}")
    assert str(refused.value).startswith(f"DATABASE_URL leads through a public network, its sslmode is {mode}")
    assert "sslmode=require" in str(refused.value)
    with pytest.raises(ConfigError, match=f"DATABASE_DIRECT_URL .* is {mode}"):
        loaded(DATABASE_DIRECT_URL=PUBLIC, PGSSLMODE=mode)


def test_what_libpq_is_told_by_its_own_variable_is_not_weakened() -> None:
    assert loaded(DATABASE_URL=PUBLIC, PGSSLMODE="verify-full").database_url == PUBLIC


def test_the_parts_of_an_address_are_asked_for_tls_too() -> None:
    parts = {"DB_HOST": "db.example.com", "DB_USER": "u", "DB_PASSWORD": "p?@", "DB_NAME": "d"}
    assert loaded(DATABASE_URL="", **parts).database_url == (
        "postgresql://u:p%3F%40@db.example.com:5432/d?sslmode=require"
    )


@pytest.mark.parametrize(
    ("environ", "accepted", "sent"),
    [
        ({}, (), ""),
        ({"CRON_SECRET": canaries.CRON_SECRET}, (canaries.CRON_SECRET,), canaries.CRON_SECRET),
        ({"CRON_SECRET": f"{canaries.CRON_SECRET},{LONG}"}, (canaries.CRON_SECRET, LONG), canaries.CRON_SECRET),
        ({"CRON_SECRET": LONG, "CRON_SECRET_IS_PLATFORM": "1"}, (LONG,), LONG),
        ({"CRON_SECRET_IS_PLATFORM": "1"}, None, ""),
        ({"CRON_SECRET_IS_PLATFORM": "0"}, (), ""),
    ],
)
def test_two_values_of_the_schedulers_secret_are_accepted_and_the_newest_is_sent(
    environ: dict[str, str], accepted: tuple[str, ...] | None, sent: str
) -> None:
    settings = loaded(**environ)

    assert (settings.cron_secrets, settings.cron_secret) == (accepted, sent)


@pytest.mark.parametrize(
    "value", ["Q", "a" * 23, f"{'a' * 23},{LONG}", f"{LONG},", f",{LONG}", f"{LONG},{LONG},{LONG}", "ё" * 30]
)
def test_a_weak_or_garbled_secret_of_the_scheduler_is_refused_and_not_repeated(value: str) -> None:
    with pytest.raises(ConfigError) as refused:
        loaded(CRON_SECRET=value)

    assert str(refused.value).startswith("CRON_SECRET has ")
    assert str(refused.value).partition(": ")[2]
    assert value not in str(refused.value)


def test_whether_the_platform_vouches_is_said_in_one_way() -> None:
    with pytest.raises(ConfigError, match="CRON_SECRET_IS_PLATFORM has a value that means nothing: write one of 0, 1"):
        loaded(CRON_SECRET_IS_PLATFORM="yes")
