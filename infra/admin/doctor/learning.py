"""Doctor: the learning system. Each check returns findings and changes nothing."""

import json
from collections.abc import Iterator

from psycopg.rows import DictRow

from infra.admin.database import Connection, fetch, fetch_one
from infra.admin.doctor.finding import Finding
from infra.admin.doctor.outside.model import model
from infra.admin.doctor.outside.questions import Line
from infra.admin.formats import format_count, format_value
from infra.admin.learning.clients import MIN_BUDGET
from infra.admin.learning.templates import Slot, unknown_placeholders
from shared import config
from shared.database import sql
from shared.learning import limits

AREA = "learning"
TEMPLATE = "carillon learning template"
NEAR_PERCENT = 80  # of a limit
MAX_COUNTED = 1000  # keys

_SQL = sql.load(__file__)


def learning(connection: Connection) -> list[Line]:
    """API clients, tracks and prompts; nothing while there are neither clients nor tracks."""
    clients, tracks = fetch(connection, _SQL["clients"]), fetch(connection, _SQL["tracks"])
    if not clients and not tracks:
        return []
    findings: list[Line] = [*_clients(clients), *(finding for row in tracks for finding in _track(row))]
    findings += [*_usage(connection, clients), *map(_weak_devices, fetch(connection, _SQL["weak_devices"]))]
    findings += [finding for row in fetch(connection, _SQL["templates"]) for finding in _template(row)]
    return findings + list(_surroundings(connection))


def _clients(clients: list[DictRow]) -> Iterator[Finding]:
    active = [row for row in clients if row["is_active"]]
    if not active:
        yield Finding("warning", AREA, "no client may call", "add one: carillon learning add-client NAME")
        return
    for row in active:
        if not row["valid_tokens"]:
            name = row["name"]
            yield Finding("problem", AREA, f"{name} has no valid token", f"run: carillon learning rotate {name}", name)
        elif row["is_public"] and row["daily_tokens"] is None:
            yield _no_budget(row["name"])
        else:
            yield _budget(row["name"], row["daily_tokens"], row["tokens"])
    if any(row["is_public"] for row in active) and not config.load(names=("cors_origins",)).cors_origins:
        step = "set CORS_ORIGINS of both functions to the pages' origins: https://app.example.com"
        yield Finding("warning", AREA, "there are public clients, but no page may call (CORS_ORIGINS is empty)", step)


def _no_budget(name: str) -> Finding:
    step = f"carillon learning settings {name} --daily-tokens N, or 0 for no model at all"
    return Finding("warning", AREA, f"{name} is public and has no budget: anybody can use up the model", step, name)


def _budget(name: str, budget: int | None, used: int) -> Finding:
    """Whether a call of the model fits into what is left of the day."""
    more = f"carillon learning settings {name} --daily-tokens N"
    if budget == 0:
        return Finding("ok", AREA, f"{name} may call, but not for the model's replies (its budget is 0)", subject=name)
    if budget is not None and budget < MIN_BUDGET:
        small = f"no call fits into the {budget} tokens a day of {name}"
        return Finding("warning", AREA, small, f"give {MIN_BUDGET} at least, or 0 for no model at all: {more}", name)
    if budget is not None and budget - used < MIN_BUDGET:
        gone = f"{name} has used {used} of {budget} tokens today: no call fits into the rest"
        return Finding("warning", AREA, gone, f"wait for midnight, UTC, or: {more}", name)
    if budget is not None and used * 100 >= budget * NEAR_PERCENT:
        near = f"{name} has used {used} of {budget} tokens today"
        return Finding("warning", AREA, near, f"see that nobody loops, or: {more}", name)
    return Finding("ok", AREA, f"{name} may call", subject=name)


def _usage(connection: Connection, clients: list[DictRow]) -> Iterator[Finding]:
    """Public clients and devices that are near a limit of this hour, or of tokens today."""
    values = {
        "device_tokens": json.dumps({row["name"]: limits.device_tokens(row["daily_tokens"]) for row in clients}),
        "new_devices_tokens": json.dumps(
            {row["name"]: limits.new_devices_tokens(row["daily_tokens"]) for row in clients}
        ),
        "device_limits": json.dumps(limits.DEVICE_PER_HOUR),
        "client_limits": json.dumps(limits.CLIENT_PER_HOUR),
        "percent": NEAR_PERCENT,
    }
    for row in fetch(connection, _SQL["usage"], **values):
        name, of_day = row["name"], row["kind"] == "tokens"
        together = f"today's new devices of {name}" if of_day else name
        who = together if row["is_client"] else f"{_devices(row['holders'])} of {name}"
        message = (
            f"{who} used up to {row['used']} of {row['most']} {row['kind']} {'today' if of_day else 'in this hour'}"
        )
        step = f"see that the front end does not loop; if somebody abuses its token: carillon learning rotate {name}"
        yield Finding("warning", AREA, message, step, name)


def _weak_devices(row: DictRow) -> Finding:
    """Devices from before ids that can be guessed were refused."""
    name, devices = row["name"], _devices(row["devices"])
    step = "its front end makes a new id at random, and sends the old one as formerDeviceId with POST /sessions"
    if row["is_over"]:
        return Finding("warning", AREA, f"{devices} of {name} with ids that can be guessed may call no more",
                       f"give them longer: set weak_until in learning.users; then {step}", name)  # fmt: skip
    until = f"{row['weak_until']:%Y-%m-%d}"
    return Finding(
        "warning", AREA, f"{devices} of {name} with ids that can be guessed may call until {until}", step, name
    )


def _devices(count: int) -> str:
    return f"{count} device" if count == 1 else f"{count} devices"


def _track(row: DictRow) -> Iterator[Finding]:
    name = row["slug"]
    if not row["items"]:
        yield Finding(
            "warning", AREA, f"track {name} has no roadmap", "give it one: carillon learning import FILE.yml", name
        )
    if row["bare_tabs"]:
        yield Finding(
            "problem",
            AREA,
            f"track {name}: the model is told nothing in {', '.join(row['bare_tabs'])}",
            f"give a prompt to all: {TEMPLATE} --file FILE; or to the track: {TEMPLATE} --track {name} --file FILE",
            name,
        )
    elif row["items"]:
        yield Finding("ok", AREA, f"track {name} has {row['items']} items, and a prompt in every tab", subject=name)


def _template(row: DictRow) -> Iterator[Finding]:
    """A placeholder that nothing fills in makes every call a 422, unless its context names it."""
    if unfilled := unknown_placeholders(row["content"], row["variables"]):
        slot = Slot(row["scope"], None, row["tab"])
        options = [f"--scope {row['scope']}", *([f"--track {row['slug']}"] if row["slug"] else [])]
        options += [f"--tab {row['tab']}"] if row["tab"] else []
        of = f" of {row['slug']}" if row["slug"] else ""
        yield Finding(
            "problem",
            AREA,
            format_value(f"template {slot.label}{of} uses {', '.join(unfilled)}, which nothing fills in"),
            f"give it a default: {TEMPLATE} {' '.join(options)} --file FILE --variable NAME=DEFAULT",
        )


def _surroundings(connection: Connection) -> Iterator[Line]:
    """The model, and what housekeeping should have deleted."""
    if config.load(names=("llm_api_url",)).llm_api_url:
        yield model(AREA)
    else:
        step = "set LLM_API_URL, LLM_API_KEY and LLM_MODEL"
        yield Finding("warning", AREA, "there is no model: the agents answer 503 (LLM_API_URL is empty)", step, "model")
    if stale := fetch_one(connection, _SQL["stale_keys"], most=MAX_COUNTED + 1)["keys"]:
        keys = format_count(stale, MAX_COUNTED)
        step = "see that housekeeping is called daily"
        yield Finding("warning", AREA, f"{keys} idempotency keys are older than three days", step)
