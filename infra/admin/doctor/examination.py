"""Doctor: all checks, one after the other."""

import psycopg

from infra.admin.database import connect
from infra.admin.doctor import bots, delivery, learning, people, platform, salon, schedules, support, webhooks
from infra.admin.doctor.finding import Finding
from infra.admin.errors import AdminError, explain
from shared.errors import ConfigError


def examine(*, offline: bool) -> list[Finding]:
    """What is in order and what is not. Nobody is asked over the network when `offline`."""
    try:
        with connect() as connection:
            findings = [platform.server(connection), platform.migrations(connection)]
            if findings[-1].level == "problem":  # the rest would only repeat it
                return findings
            for check in (*platform.ALL, *webhooks.ALL, schedules.runs, *delivery.ALL, people.people):
                findings += check(connection)
            findings += bots.bots(connection, offline=offline) + support.desks(connection, offline=offline)
            return findings + salon.salons(connection) + learning.learning(connection, offline=offline)
    except (AdminError, ConfigError, psycopg.Error) as error:
        cause, next_step = explain(error)
        return [Finding("problem", "database", cause, next_step)]
