"""Two salons with a row in every table, and every address that one's owner reaches."""

import html
import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from psycopg.types.json import Jsonb

from tests.conftest import rows
from tests.functions.salon_pages.world import Browser, Plain, user
from tests.helpers.worlds.salon import Salon
from tests.helpers.worlds.support import insert

CANARY = "Чужойсад"  # stands in every text of the neighbour's
MAX_OF_A_PATH = 3  # addresses of one page, with other days and filters

TENANT_TABLES = """
select c.oid::regclass::text from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
where c.relkind = 'r' and (c.relnamespace = 'dashboard'::regnamespace
                           or c.relnamespace = 'public'::regnamespace and c.relname ~ '_v2$')
order by 1
"""


@dataclass
class Found:
    """Every page and form that somebody reaches from their first page."""

    pages: dict[str, str] = field(default_factory=dict)  # address: content
    forms: dict[str, dict[str, str]] = field(default_factory=dict)  # address: fields


def crawl(browser: Browser) -> Found:
    """Follow every link, some of each page."""
    found, waiting, of_path = Found(), ["/"], {"/": 1}
    while waiting:
        address = waiting.pop(0)
        answer = browser.follow(browser.get(address))
        assert answer.status_code == 200, address
        found.pages[address] = answer.text
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", answer.text, re.DOTALL):
            action = html.unescape(re.findall(r'action="([^"]+)"', form)[0])
            names = re.findall(r'<(?:input|select)[^>]*name="([^"]+)"(?:[^>]*value="([^"]*)")?', form)
            found.forms[action] = {name: html.unescape(value) for name, value in names}
        for link in map(html.unescape, re.findall(r'(?:href|src)="([^"#]+)"', answer.text)):
            path = re.sub(r"/\d+(?=/|$)", "/0", urlsplit(link).path)
            of_path[path] = of_path.get(path, 0) + 1
            if of_path[path] <= MAX_OF_A_PATH and link not in found.pages and link not in waiting:
                waiting.append(link)
    return found


def fill(plain: Plain, salon: Salon, word: str, number: int) -> None:
    """A row of the salon in each table that has any, with `word` in every text of it."""
    plain.execute("update public.tenants_v2 set name = %s where id = %s", (word, salon.id))
    plain.execute(
        "update public.clients_v2 set full_name = %s, phone = '+7701' || %s where id = %s",
        (word, word, salon.client),
    )
    meta = {"services_mentioned": [word], "drop_off_stage": "service_selection"}
    money: dict[str, Any] = {"booking_amount": 7, "booking_currency": word}
    booked = salon.session(booking_id=f"{word}{number}", final_status="done", summary=word, meta=meta, **money)
    salon.session(final_status="dropped", summary=word, meta=meta)
    insert(
        plain, "public.recent_history_v2", tenant_id=salon.id, user_id=salon.client, session_id=booked, role="user",
        message=word,
    )  # fmt: skip
    insert(
        plain, "public.wishlist_v2", tenant_id=salon.id, user_id=salon.client, item_type="service", item_id=word,
        comment=word, meta=Jsonb({"service_title": word}),
    )  # fmt: skip
    insert(plain, "public.user_ltm_v2", tenant_id=salon.id, user_id=salon.client, preferred_time=word)
    plain.execute(
        "insert into public.active_sessions_v2 (tenant_id, user_id, channel) values (%s, %s, %s)",
        (salon.id, salon.client, word),
    )
    insert(
        plain, "dashboard.bookings", tenant_id=salon.id, external_id=f"{word}{number}", client_id=str(salon.client),
        start_at="now", service_code=word, status="cancelled", verified_at="now", last_error=word,
    )  # fmt: skip
    insert(
        plain, "dashboard.conversations", session=10**9 + number, tenant_id=salon.id, client_id=str(salon.client),
        escalation_reason=word,
    )  # fmt: skip
    insert(plain, "dashboard.metrics_dailies", tenant_id=salon.id, day="yesterday", dialogs_started=3)
    insert(
        plain, "dashboard.alerts", tenant_id=salon.id, kind="error_spike", description=word, triggered_at="now",
        acknowledged_by=word,
    )  # fmt: skip
    insert(
        plain, "dashboard.alerts", tenant_id=salon.id, kind="data_stale", description=word, triggered_at="now",
        resolved_at="now",
    )  # fmt: skip
    insert(plain, "dashboard.audits", tenant_id=salon.id, action="x", description=word, ip_address=word, actor=word)
    [wish] = rows(plain, "select max(id) as id from public.wishlist_v2 where tenant_id = %s", salon.id)
    marked = insert(
        plain, "public.wishlist_v2", tenant_id=salon.id, user_id=salon.client, item_type="slot", item_id=word,
        comment=word,
    )  # fmt: skip
    plain.execute("insert into dashboard.wishlist_marks (tenant_id, wishlist_id) values (%s, %s)", (salon.id, marked))
    assert wish["id"] != marked
    user(plain, "staff", salon.id, first_name=word, last_name=str(number))


def rows_of(plain: Plain, tenant: Any) -> str:
    """Every row of a salon, as text; when somebody was last there does not matter, nor what was recorded of it."""
    shown = {}
    for name in (row["oid"] for row in rows(plain, TENANT_TABLES)):
        query = f"select to_jsonb(t) - 'updated_at' as row from {name} t where tenant_id = %s order by 1::text"
        shown[name] = [row["row"] for row in rows(plain, query, tenant)] if name != "dashboard.audits" else []
    return json.dumps(shown, default=str)


@dataclass
class Walls:
    """Two salons with a row in every table, and every address of the neighbour's."""

    own: Salon
    other: Salon
    addresses: Found
