"""Why there is no connection: what libpq, Postgres and poolers say, as a cause and a next step."""

import psycopg
import pytest

from infra.admin.errors import explain
from infra.admin.refusals import rights

FAILED = 'connection failed: connection to server at "10.0.0.1", port 5432 failed: '


@pytest.mark.parametrize(
    ("words", "cause", "next_step"),
    [
        ('FATAL:  password authentication failed for user "u"', "user u or the password", "%25"),
        ("fe_sendauth: no password supplied", "wants a password", "DATABASE_URL"),
        ('FATAL:  role "u" does not exist', "no user u", "create it"),
        ("FATAL: no such user", "no user u", "DATABASE_URL"),
        ('FATAL:  database "d" does not exist', "no database d", 'create database "d"'),
        ("FATAL:  Tenant or user not found", "pooler", "copy"),
        ("failed to resolve host 'h': [Errno -2] Name or service not known", "no address", "DATABASE_URL"),
        ("Network is unreachable", "no way from here", "IPv6"),
        ("Connection refused\n\tIs the server running?", "nothing listens", "start Postgres"),
        ("connection timeout expired", "does not answer", "firewall"),
        ('FATAL:  no pg_hba.conf entry for host "1.2.3.4", user "u", database "d", no encryption', "TLS", "sslmode"),
        ('FATAL:  no pg_hba.conf entry for host "1.2.3.4", user "u", SSL encryption', "nobody in", "pg_hba.conf"),
        ("server does not support SSL, but SSL was required", "has no TLS", "take sslmode away"),
        ("SSL error: certificate verify failed", "certificate", "sslrootcert"),
        ("FATAL: unsupported startup parameter in options: search_path", "pooler", "DATABASE_DIRECT_URL"),
        ("FATAL:  sorry, too many clients already", "no connection free", "max_connections"),
        ("FATAL:  the database system is starting up", "starting", "try again"),
        ("received invalid response to SSL negotiation: H", "not Postgres", "5432"),
        ("ВАЖНО:  роль не найдена", "no connection", "its own log"),
    ],
)
def test_each_refusal_is_told_apart(words: str, cause: str, next_step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:geheim@10.0.0.1:5432/d")

    explained = explain(psycopg.OperationalError(FAILED + words))

    assert cause in explained[0]
    assert next_step in explained[1]
    assert "geheim" not in "".join(explained)


@pytest.mark.parametrize(
    ("message", "cause", "next_step"),
    [
        ("permission denied to create role", "may not create roles", 'alter role "u" createrole'),
        ('must have admin option on role "dashboard_keeper"', "dashboard_keeper", 'grant "dashboard_keeper" to "u"'),
        ('permission denied to grant role "dashboard_keeper"', "dashboard_keeper", "with admin option"),
        ('permission denied to set role "dashboard_keeper"', "dashboard_keeper", "a superuser runs"),
        ("permission denied for database shop", "no schema in the database shop", 'create on database "shop" to "u"'),
        ("permission denied for schema public", "the schema public", "create on schema public"),
        ("permission denied for schema platform", "may not use the schema platform", "grant fn_NAME"),
        ("permission denied for table bots", "user u may not use the table bots", "carillon db upgrade"),
        ("permission denied for foreign table bots", "the foreign table bots", "the owner"),
        ("must be owner of table bots", "the table bots belongs to another", "the owner"),
    ],
)
def test_a_missing_right_is_named_with_the_user_and_whoever_gives_it(message: str, cause: str, next_step: str) -> None:
    explained = rights.missing(message, "u", "u")

    assert cause in explained[0]
    assert next_step in explained[1]
