"""Why there is no connection to Postgres. libpq says it only in words; they are matched, never shown."""

from dataclasses import dataclass

import psycopg
from psycopg.conninfo import conninfo_to_dict

from shared import config
from shared.errors import ConfigError
from shared.postgres_address import FORM

# Words of libpq, of Postgres and of poolers; the first case that fits counts.
_CASES: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("tenant or user not found", "no tenant identifier"), "the pooler at {at} does not know the user {user}",
     "copy the pooler's address again into {url}: its user is called USER.PROJECT"),
    (("password authentication failed", "sasl authentication failed", "wrong password"),
     "Postgres at {at} refused the user {user} or the password",
     "check both in {login}; in an address %, @ and / of a password are written %25, %40 and %2F"),
    (("no password supplied",), "Postgres at {at} wants a password", "put one into {password}"),
    (('role "{user}" does not exist', "no such user"), "Postgres at {at} has no user {user}",
     "create it, or correct {user_setting}"),
    (('database "{database}" does not exist', "no such database"), "Postgres at {at} has no database {database}",
     'create it: create database "{database}"; or correct {name}'),
    (("could not translate host name", "name or service not known", "failed to resolve host", "nodename nor servname",
      "name resolution"), "the host {host} has no address", "correct it in {host_setting}"),
    (("network is unreachable", "no route to host"), "there is no way from here to {at}",
     "its address may be IPv6 alone: give one that IPv4 reaches in {host_setting}, as a pooler's"),
    (("connection refused", "no such file or directory"), "nothing listens at {at}",
     "start Postgres, or correct {address}"),
    (("timeout", "timed out"), "Postgres at {at} does not answer",
     "correct {address}, or let this machine through the firewall"),
    (("no encryption", "ssl off", "sslmode=require", "ssl connection is required", "ssl required", "ssl/tls required"),
     "Postgres at {at} wants TLS", "add ?sslmode=require to the address in {url}"),
    (("no pg_hba.conf entry",), "Postgres at {at} lets nobody in from here as {user}",
     "allow this machine there: in pg_hba.conf, or in the provider's list of addresses"),
    (("does not support ssl",), "Postgres at {at} has no TLS",
     "switch it on there; or, unless SERVER_ENV is prod, take sslmode away from the address in {url}"),
    (("certificate",), "the certificate of Postgres at {at} cannot be checked",
     "name its authority in {url}: sslrootcert=FILE; or write sslmode=require"),
    (("unsupported startup parameter",), "a pooler stands before the database at {at}",
     "give migrations and this command the direct address: DATABASE_DIRECT_URL"),
    (("too many connections", "too many clients", "connection slots", "max client"),
     "Postgres at {at} has no connection free", "try again in a moment; or raise max_connections, or use a pooler"),
    (("starting up", "shutting down", "recovery mode", "not yet accepting"), "Postgres at {at} is starting or stopping",
     "try again in a moment"),
    (("ssl negotiation", "expected authentication", "closed the connection unexpectedly", "invalid response"),
     "what listens at {at} is not Postgres, or it hung up", "correct the port in {port}: mostly it is 5432"),
    (("invalid sslmode value",), "{url} has an sslmode that Postgres does not know",
     "write sslmode=require, or verify-full with sslrootcert=FILE"),
    (("invalid", 'missing "="'), "{url} cannot be read as a Postgres address", FORM),
)  # fmt: skip
_OTHER = ("there is no connection to Postgres at {at}", "see that it runs, and check {url}; its own log says why")


@dataclass(frozen=True)
class _Target:
    """Where the connection should have gone, without the password."""

    host: str
    port: str
    user: str
    database: str
    is_direct: bool  # by DATABASE_DIRECT_URL, which is another place than the usual one


def explain(error: psycopg.Error) -> tuple[str, str]:
    """The cause and the next step of a connection that could not be made."""
    target = _target(error)
    words = str(error).lower()
    names = _names(target)
    for parts, cause, step in _CASES:
        if any(part.format_map(names).lower() in words for part in parts):
            return cause.format_map(names), step.format_map(names)
    return _OTHER[0].format_map(names), _OTHER[1].format_map(names)


def user(*, direct: bool = False) -> str:
    """The database user that the settings name; empty when they name none."""
    return _of_settings(direct=direct).get("user", "")


def _target(error: psycopg.Error) -> _Target:
    usual, direct = _of_settings(direct=False), _of_settings(direct=True)
    tried = usual
    if error.pgconn is not None:
        parts = {"host": error.pgconn.host, "port": error.pgconn.port, "user": error.pgconn.user,
                 "dbname": error.pgconn.db}  # fmt: skip
        tried = {name: value.decode("utf-8", "replace") for name, value in parts.items() if value} or usual
    same = all(tried.get(part) == usual.get(part) for part in ("host", "port", "dbname", "user") if part in tried)
    return _Target(
        tried.get("host", "its address"), tried.get("port", ""), tried.get("user", ""), tried.get("dbname", ""),
        is_direct=not same and direct not in ({}, usual) and tried.get("host") == direct.get("host"),
    )  # fmt: skip


def _of_settings(*, direct: bool) -> dict[str, str]:
    try:
        settings = config.load(names=("database_direct_url" if direct else "database_url",))
        url = settings.database_direct_url if direct else settings.database_url
        return {name: str(value) for name, value in conninfo_to_dict(url).items() if name != "password"}
    except (ConfigError, psycopg.Error):
        return {}


def _names(target: _Target) -> dict[str, str]:
    def settings(*parts: str) -> str:
        if target.is_direct:
            return "DATABASE_DIRECT_URL"
        return " and ".join(dict.fromkeys(config.database_setting(part) for part in parts))

    return {
        "at": f"{target.host}:{target.port}" if target.port and not target.host.startswith("/") else target.host,
        "host": target.host, "user": target.user, "database": target.database,
        "url": settings("host"), "host_setting": settings("host"), "address": settings("host", "port"),
        "port": settings("port"), "login": settings("user", "password"), "user_setting": settings("user"),
        "password": settings("password"), "name": settings("name"),
    }  # fmt: skip
