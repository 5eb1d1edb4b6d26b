"""Every table of ours says how long it keeps what belongs to a person, or that it holds nothing of the kind."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from functions.housekeeping.terms import KEPT, LEAVES_OTHERWISE, NOTHING_PERSONAL, TERMS
from tests.conftest import rows
from tests.helpers.serving import ROOT

SCHEMAS = ["platform", "courses", "getcourse", "support", "learning", "dashboard"]
TABLES = """
select c.oid::regclass::text from pg_class c
where c.relkind in ('r', 'p') and c.relnamespace = any(%s::text[]::regnamespace[])
"""
# Columns that can hold anything, of tables that are said to hold nothing personal.
FREE_COLUMNS = """
select a.attrelid::regclass::text || '.' || a.attname
from pg_attribute a
where a.attrelid = any(%s::text[]::regclass[]) and a.attnum > 0 and not a.attisdropped
  and a.atttypid in ('text'::regtype, 'varchar'::regtype, 'json'::regtype, 'jsonb'::regtype, 'bytea'::regtype,
                     'text[]'::regtype, 'inet'::regtype)
"""
# Somebody has looked at each: names and texts of the owner, hashes, states.
HARMLESS = {
    "platform.bots": "address channel name status system token_sealed username webhook_key_id",
    "platform.job_runs": "function position report",
    "platform.source_secrets": "secret_hash",
    "platform.tenant_secrets": "name sealed",
    "platform.webhook_sources": (
        "field_map gateway language link_template name provider redact signing_secret_sealed timezone"
    ),
    "getcourse.lesson_versions": "getcourse_id lesson_title module_title training_id",
    "getcourse.training_versions": "getcourse_id title",
    "support.clients": "config name status",
    "support.prompts": "name text",
    "learning.clients": "name",
    "learning.client_tokens": "token_hash",
    "learning.tracks": "description goal slug title",
    "learning.track_roadmap_items": "description title",
    "learning.chat_templates": "content variables_json",
    "dashboard.tenant_settings": "language timezone",
    "courses.school": "language name timezone",
    "courses.cohorts": "name",
    "courses.streams": "title",
    "courses.topics": "annotation code title",
    "courses.sessions": "annotation homework_link title topic_code",
    "courses.events": "note title",
    "courses.healing_sessions": "note",
    "courses.materials": "body further_file_ids mime tg_file_id title",
    "courses.assignments": "body title",
    "courses.consent_texts": "text_en text_ru",
}


@pytest.fixture(scope="module")
def catalog(module_direct_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(module_direct_url, autocommit=True) as connection:
        yield connection


def test_every_table_stands_in_the_list_of_terms_in_one_way(catalog: psycopg.Connection[Any]) -> None:
    terms = {term.table for term in TERMS}
    listed = sorted([*terms, *LEAVES_OTHERWISE, *KEPT, *NOTHING_PERSONAL])

    assert listed == sorted(table for (table,) in rows(catalog, TABLES, SCHEMAS)), "see functions/housekeeping/terms.py"


def test_what_holds_nothing_personal_has_no_column_that_nobody_has_looked_at(catalog: psycopg.Connection[Any]) -> None:
    harmless = [f"{table}.{column}" for table, columns in HARMLESS.items() for column in columns.split()]

    assert sorted(column for (column,) in rows(catalog, FREE_COLUMNS, list(NOTHING_PERSONAL))) == sorted(harmless)


def test_the_terms_are_in_the_manual() -> None:
    manual = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    lines = [line for line in manual.splitlines() if line.startswith("| `")]
    missing = [
        (term.table, term.days)
        for term in TERMS
        if not any(f"`{term.table}`" in line and f"| {term.days} day" in line for line in lines)
    ]

    assert missing == []
