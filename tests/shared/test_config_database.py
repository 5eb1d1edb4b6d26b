"""Where the database is, under all its names."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict

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
        ({"DATABASE_URL": URL.replace("postgresql", "postgresql+asyncpg")}, URL),
        ({"DATABASE_URL": URL.replace("postgresql", "POSTGRES")}, URL),
        ({"DATABASE_URL": "postgresql://u:a#b?c:d@h/n"}, "postgresql://u:a%23b%3Fc:d@h/n"),
        (
            {"DATABASE_URL": "postgresql://u:a:b@h/n?application_name=x@y"},
            "postgresql://u:a:b@h/n?application_name=x@y",
        ),
        ({"DATABASE_URL": "postgresql://u:%25%40%2F@h,[::1]:5433/n"}, "postgresql://u:%25%40%2F@h,[::1]:5433/n"),
        (
            {"DATABASE_URL": "postgresql://u:p@a.example:6432,b.example:6432/n?target_session_attrs=read-write"},
            "postgresql://u:p@a.example:6432,b.example:6432/n?target_session_attrs=read-write",
        ),
        ({"DATABASE_URL": "postgresql:///n?host=/run/pg"}, "postgresql:///n?host=/run/pg"),
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
        ({"DB_HOST": "::1", "DB_USER": "u", "DB_NAME": "n"}, "postgresql://u:@[::1]:5432/n"),
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


@pytest.mark.parametrize(
    ("password", "escape"),
    [
        ("canary@hidden", "%40"),
        ("canary/hidden", "%2F"),
        ("12/34", "%2F"),
        ("100%hidden", "%25"),
        ("canary hidden", "%20"),
        ("canary#@/hidden", "%40"),
    ],
)
@pytest.mark.parametrize("setting", ["DATABASE_URL", "DATABASE_DIRECT_URL"])
def test_a_password_that_breaks_the_address_is_named_with_what_to_write(
    setting: str, password: str, escape: str
) -> None:
    text = refusal(**{"DATABASE_URL": URL, setting: f"postgresql://someone:{password}@db.example/carillon"})
    assert text.startswith(f"{setting} ")
    assert escape in text
    assert "canary" not in text
    assert "hidden" not in text


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30))
@example("%41@/#:?& \\'\"")
def test_any_password_survives_the_assembly(password: str) -> None:
    url = config.load({"DB_HOST": "h", "DB_USER": "u", "DB_PASSWORD": password, "DB_NAME": "n"}).database_url
    assert conninfo_to_dict(url)["password"] == password


def test_quotes_that_were_taken_over_from_a_file_are_named() -> None:
    assert "quotes" in refusal(DATABASE_URL=f'"{URL}"')


@pytest.mark.parametrize(
    ("environ", "names"),
    [
        ({}, ["DATABASE_URL"] * 3),
        ({"DATABASE_URL": URL, "DB_HOST": "h"}, ["DATABASE_URL"] * 3),
        ({"DB_URL": URL}, ["DB_URL"] * 3),
        ({"DB_HOST": "h"}, ["DB_HOST", "DB_PASSWORD", "DB_NAME"]),
        ({"POSTGRES_USER": "u"}, ["POSTGRES_HOST_EXTERNAL", "POSTGRES_PASSWORD", "POSTGRES_DB"]),
        ({"POSTGRES_USER": "u", "SERVER_ENV": "prod"}, ["POSTGRES_HOST_INTERNAL", "POSTGRES_PASSWORD", "POSTGRES_DB"]),
    ],
)
def test_each_part_of_the_address_has_the_name_under_which_it_was_given(
    environ: dict[str, str], names: list[str]
) -> None:
    assert [config.database_setting(part, environ) for part in ("host", "password", "name")] == names
