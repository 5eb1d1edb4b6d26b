"""Where the database is, under all its names."""

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import config
from shared.errors import ConfigError

URL = "postgresql://someone:pass@db.example:6543/carillon"


def refusal(**environ: str) -> str:
    """Why these settings are refused."""
    with pytest.raises(ConfigError) as caught:
        config.load(environ)
    return str(caught.value)


def test_a_database_address_is_enough() -> None:
    settings = config.load({"DATABASE_URL": URL})
    assert settings.database_url == settings.database_direct_url == URL
    assert settings.telegram_api_url == "https://api.telegram.org"
    assert (settings.poke, settings.log_level, settings.secrets_key, settings.cron_secret) == ("none", "INFO", "", "")


def test_migrations_may_go_past_the_pooler() -> None:
    direct = URL.replace("6543", "5432")
    assert config.load({"DATABASE_URL": URL, "DATABASE_DIRECT_URL": direct}).database_direct_url == direct


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        ({"DATABASE_URL": URL}, URL),
        ({"DATABASE_URL": f" {URL}\n"}, URL),
        ({"DATABASE_URL": URL.replace("postgresql", "postgres")}, URL),
        ({"DATABASE_URL": URL.replace("postgresql", "postgresql+psycopg")}, URL),
        ({"DATABASE_URL": URL, "DB_URL": "nonsense", "DB_HOST": "x"}, URL),
        ({"DB_URL": URL}, URL),
        ({"DB_URL": URL, "DB_HOST": "x", "POSTGRES_HOST_EXTERNAL": "y"}, URL),
        (
            {
                "DB_HOST": "db.example",
                "DB_PORT": "6543",
                "DB_USER": "someone",
                "DB_PASSWORD": "pass",
                "DB_NAME": "carillon",
            },
            URL,
        ),
        ({"DB_HOST": "h", "DB_USER": "u", "DB_NAME": "n"}, "postgresql://u:@h:5432/n"),
        ({"DB_HOST": "/run/pg", "DB_USER": "u", "DB_NAME": "n"}, "postgresql://u:@/n?host=/run/pg&port=5432"),
        (
            {"DB_HOST": "h", "DB_USER": "u@v", "DB_PASSWORD": "p/:@#?% я", "DB_NAME": "n/a"},
            "postgresql://u%40v:p%2F%3A%40%23%3F%25%20%D1%8F@h:5432/n%2Fa",
        ),
    ],
)
def test_the_database_is_found_under_all_its_names(environ: dict[str, str], url: str) -> None:
    assert config.load(environ).database_url == url


@pytest.mark.parametrize(("server_env", "host"), [("", "outside"), ("dev", "outside"), ("prod", "inside")])
def test_server_env_chooses_between_the_two_hosts(server_env: str, host: str) -> None:
    environ = {
        "POSTGRES_HOST_EXTERNAL": "outside",
        "POSTGRES_HOST_INTERNAL": "inside",
        "POSTGRES_PORT": "5433",
        "POSTGRES_USER": "u",
        "POSTGRES_PASSWORD": "p",
        "POSTGRES_DB": "d",
        "SERVER_ENV": server_env,
    }
    assert config.load(environ).database_url == f"postgresql://u:p@{host}:5433/d"


@pytest.mark.parametrize("password", ["canary@hidden", "canary/hidden"])
def test_a_password_that_breaks_the_address_is_named_at_the_start(password: str) -> None:
    text = refusal(DATABASE_URL=f"postgresql://someone:{password}@db.example/carillon")
    assert text.startswith("DATABASE_URL ")
    assert "canary" not in text
    assert "hidden" not in text


@given(st.text(min_size=1, max_size=30))
def test_any_password_survives_the_assembly(password: str) -> None:
    url = config.load({"DB_HOST": "h", "DB_USER": "u", "DB_PASSWORD": password, "DB_NAME": "n"}).database_url
    assert unquote(urlsplit(url).password or "") == password


def test_sqlalchemy_gets_its_own_spelling() -> None:
    assert config.sqlalchemy_url(URL) == URL.replace("postgresql://", "postgresql+psycopg://")
