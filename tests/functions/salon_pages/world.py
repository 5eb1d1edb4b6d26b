"""Salons, their people, and browsers that are signed in."""

import hashlib
import itertools
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

import httpx
import psycopg
from psycopg.rows import DictRow

from functions.salon_pages.session.passwords import hash_password

Plain = psycopg.Connection[DictRow]

COOKIE = "__Host-carillon"
HTTP: dict[str, Any] = {"trust_env": False, "timeout": 60.0}  # a busy machine takes its time
PASSWORD = "Семь гномов стригут газон"  # the same for all: a hash is expensive

_numbers = itertools.count(1)


@cache
def password_hash() -> str:
    """The hash of PASSWORD."""
    return hash_password(PASSWORD)


@dataclass(frozen=True)
class User:
    """A user of the pages."""

    id: int
    email: str
    tenant: Any


def user(connection: Plain, role: str = "admin", tenant: Any = None, **columns: Any) -> User:
    """Somebody who may sign in; without a tenant, and so of all salons, where `role` is super_admin."""
    number = next(_numbers)
    email = columns.pop("email", f"person{number}@example.com")
    values = {"email": email, "role": role, "tenant_id": tenant, **columns}
    return User(_insert(connection, "dashboard.users", values, "id"), email, tenant)


def session(connection: Plain, user_id: int, **columns: Any) -> str:
    """The cookie of a session that was begun already."""
    token = secrets.token_urlsafe(32)
    id_hash = hashlib.sha256(token.encode()).digest()
    values = {"id_hash": id_hash, "user_id": user_id, "way": "link", "expires_at": "tomorrow", **columns}
    _insert(connection, "dashboard.page_sessions", values, "user_id")
    return token


def link(connection: Plain, user_id: int, **columns: Any) -> str:
    """The secret part of a link that signs somebody in."""
    token = secrets.token_urlsafe(32)
    values = {"token_hash": hashlib.sha256(token.encode()).digest(), "user_id": user_id, "expires_at": "tomorrow"}
    values |= columns
    _insert(connection, "dashboard.sign_in_links", values, "user_id")
    return token


def _insert(connection: Plain, table: str, values: dict[str, Any], answer: str) -> int:
    names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
    query = f"insert into {table} ({names}) values ({marks}) returning {answer} as answer"
    [row] = connection.execute(query.encode(), tuple(values.values())).fetchall()
    return int(row["answer"])


class Browser:
    """It keeps the cookie, says that its forms are from the same origin, and follows no redirect by itself."""

    def __init__(self, url: str, token: str = "") -> None:
        """`token` is the session's."""
        self.url = url.rstrip("/")
        self.token = token
        self.headers = {"sec-fetch-site": "same-origin", "user-agent": "Tests/1.0", "accept-language": "ru"}

    def get(self, path: str, **headers: str) -> httpx.Response:
        """GET."""
        return self._kept(httpx.get(self.url + path, headers=self._sent(headers), **HTTP))

    def post(self, path: str, headers: Mapping[str, str] | None = None, /, **fields: str) -> httpx.Response:
        """Send a form."""
        sent = self._sent({"content-type": "application/x-www-form-urlencoded", **(headers or {})})
        return self._kept(httpx.post(self.url + path, headers=sent, content=urlencode(fields), **HTTP))

    def send(self, path: str, body: bytes, kind: str = "application/x-www-form-urlencoded") -> httpx.Response:
        """Send whatever."""
        return httpx.post(self.url + path, headers=self._sent({"content-type": kind}), content=body, **HTTP)

    def follow(self, response: httpx.Response) -> httpx.Response:
        """Ask for what a redirect leads to, and so on, five times at most."""
        for _ in range(5):
            if response.status_code != 303:
                return response
            response = self.get(response.headers["location"])
        raise AssertionError("the redirects do not end")

    def _sent(self, headers: dict[str, str]) -> dict[str, str]:
        cookie = {"cookie": f"{COOKIE}={self.token}"} if self.token else {}
        return {name: value for name, value in {**self.headers, **cookie, **headers}.items() if value}

    def _kept(self, response: httpx.Response) -> httpx.Response:
        for name, value in response.headers.multi_items():
            if name == "set-cookie" and (found := re.match(rf"{COOKIE}=([^;]*)", value)):
                self.token = found[1].strip('"')
        return response


def served_settings(database_url: str, **settings: str) -> dict[str, str]:
    """The environment of salon_pages."""
    return {"DATABASE_URL": database_url, "SALON_PAGES_URL": "https://pages.example.com/salon_pages", **settings}


def sign_in(pages: str, email: str, password: str) -> httpx.Response:
    """What a browser without a session is answered."""
    return Browser(pages).post("/sign-in", email=email, password=password)
