"""Doctor: all checks, and what comes of them together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import psycopg

from infra.admin.database import Connection, connect
from infra.admin.doctor import (
    bots,
    courses,
    delivery,
    learning,
    people,
    platform,
    salon,
    schedules,
    settings,
    support,
    webhooks,
)
from infra.admin.doctor.finding import Finding, Status
from infra.admin.doctor.outside import chats
from infra.admin.doctor.outside.questions import Line, Progress, answered, quietly
from infra.admin.errors import AdminError, explain
from shared import config
from shared.errors import ConfigError

Check = Callable[[Connection], Sequence[Line]]

CHECKS: tuple[Check, ...] = (
    *platform.ALL,
    *webhooks.ALL,
    schedules.runs,
    *delivery.ALL,
    people.people,
    settings.keys,
    bots.bots,
    bots.alerts,
    chats.chats,
    support.desks,
    salon.salons,
    learning.learning,
    courses.school,
)
_GRAVITY: tuple[Status, ...] = ("ok", "warning", "problem")


@dataclass(frozen=True)
class Report:
    """What was found. `looked` is False when the database could not be looked at."""

    findings: list[Finding]
    looked: bool = True

    @property
    def status(self) -> Status | Literal["unknown"]:
        """The gravest of its findings; "unknown" when nobody could look."""
        if not self.looked:
            return "unknown"
        return max((finding.status for finding in self.findings), key=_GRAVITY.index, default="ok")


def examine(*, offline: bool, progress: Progress = quietly) -> Report:
    """What is in order and what is not. Nobody is asked over the network when `offline`."""
    findings = settings.settings()
    try:
        with connect(config.load(names=("database_url",)).database_url) as connection, connection.transaction():
            platform.be_brief(connection)
            findings += [platform.server(connection), platform.migrations(connection)]
            if findings[-1].status == "problem":  # the rest would only repeat it
                return Report(findings)
            lines = inspect(connection)
    except (AdminError, ConfigError, psycopg.Error) as error:
        return Report([*findings, Finding("problem", "database", *explain(error))], looked=False)
    return Report(findings + answered(lines, offline=offline, progress=progress))


def inspect(connection: Connection) -> list[Line]:
    """The lines of all checks; one that fails is a line, too. Raises psycopg.Error when the connection is lost."""
    return [line for check in CHECKS for line in _lines(check, connection)]


def _lines(check: Check, connection: Connection) -> Sequence[Line]:
    try:
        with connection.transaction():
            return check(connection)
    except (AdminError, ConfigError, psycopg.Error) as error:
        if connection.broken:
            raise
        return [Finding("problem", check.__name__.replace("_", " "), *explain(error))]
