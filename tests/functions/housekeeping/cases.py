"""A row for each rule of housekeeping: how one of age `a` (days) is made, and when it is still there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

AGO = "now() - make_interval(days => a)"
HASH = "sha256(a::text::bytea)"
SOURCE, BOT, TENANT, CLIENT = "%(source)s::bigint", "%(bot)s::bigint", "%(tenant)s::uuid", "%(client)s::bigint"
USER, ANY_HASH = "%(user)s::bigint", "sha256(random()::text::bytea)"
TALK = {"conversation_id": "%(conversation)s::uuid", "client_id": "%(desk)s::uuid"}
NOTIFICATION = {
    "mentor_id": "%(mentor)s::bigint",
    "type": "'answerToLesson'",
    "status": "'sent'",
    "message_hash": "a::text",
}
FAILED = {"bot_id": BOT, "update_id": "a", "error": "'e'", "correlation_id": "'c'"}
ANSWER = {"event_date": "now()", "user_id": "'1'", "answer_id": "a::text"}


@dataclass(frozen=True)
class Case:
    """`at` is the column that is as old as the row; `columns` are expressions, with the ids of a world in them."""

    table: str
    at: str
    columns: Mapping[str, str] = field(default_factory=dict)
    there: str = "true"
    age: str = AGO

    @property
    def insert(self) -> bytes:
        """A row of each of %(ages)s, the oldest first."""
        values = {**self.columns, self.at: self.age}
        return (
            f"insert into {self.table} ({', '.join(values)})"
            f" select {', '.join(values.values())} from unnest(%(ages)s::int[]) a order by a desc"
        ).encode()

    @property
    def left(self) -> bytes:
        """The ages of those that are there."""
        age = f"round(extract(epoch from now() - {self.at}::timestamptz) / 86400)::int"
        return f"select {age} as age from {self.table} where {self.there} order by 1".encode()


CASES = {
    "delete_outbox_audits": Case("platform.outbox_audits", "at", {
        "actor": "'x'", "action": "'redrive'", "selection": "'{}'::jsonb", "outbox_ids": "'{1}'::bigint[]"}),
    "delete_deliveries": Case("platform.inbox", "received_at", {
        "source_id": SOURCE, "reason": "'r'", "correlation_id": "'c'", "delivery_hash": HASH}),
    "delete_updates": Case("platform.updates", "received_at", {"bot_id": BOT, "update_id": "a"}),
    "delete_failed_updates": Case("platform.failed_updates", "last_failed_at", FAILED),
    "delete_updates_set_aside": Case("platform.failed_updates", "last_failed_at", {
        **FAILED, "set_aside_at": "now()", "body": "'b'::bytea"}),
    "delete_refused_requests": Case("platform.refused_requests", "day", {
        "source_id": SOURCE, "reason": "'r'", "status": "400"}, age="current_date - a"),
    "delete_run_reports": Case("platform.run_reports", "finished_at", {
        "correlation_id": "a::text", "function": "'f'", "started_at": "now()", "report": "'{}'"}),
    "empty_raw_payloads": Case("getcourse.webhook_events", "created_at", {
        **ANSWER, "raw_payload": "'{}'::jsonb", "raw_body": "'x'::bytea", "processed": "true"},
        "raw_payload is not null and raw_body is not null"),
    "delete_answers": Case("getcourse.webhook_events", "created_at", ANSWER),
    "delete_account_events": Case("getcourse.account_events", "created_at", {
        "source_id": SOURCE, "event_types": "'{call}'::text[]", "object_id": "'1'", "event_date": "now()",
        "natural_key": HASH, "raw_payload": "'{}'::jsonb", "correlation_id": "'c'"}),
    "empty_notifications": Case("getcourse.notifications", "created_at", {
        **NOTIFICATION, "message": "'m'"}, "message <> ''"),
    "delete_notifications": Case("getcourse.notifications", "created_at", {**NOTIFICATION, "message": "''"}),
    "delete_application_logs": Case("getcourse.application_logs", "created_at", {"message": "'m'"}),
    "delete_error_logs": Case("getcourse.error_logs", "created_at", {"error_class": "'e'", "message": "'m'"}),
    "delete_messages": Case("support.messages", "created_at", {**TALK, "role": "'user'"}),
    "empty_trigger_texts": Case("support.handovers", "created_at", {
        **TALK, "status": "'resolved'", "trigger_type": "'keyword'", "trigger_text": "'words'", "resolved_at": "now()"},
        "trigger_text is not null"),
    "delete_idempotency_keys": Case("learning.idempotency_keys", "created_at", {
        "client_id": CLIENT, "key": "gen_random_uuid()::text", "fingerprint": HASH,
        "attempt": "gen_random_uuid()", "leased_until": "now()"}),
    "delete_usage": Case("learning.usage", "started_at", {
        "client_id": CLIENT, "user_id": "gen_random_uuid()", "kind": "'messages'", "used": "1"}),
    "delete_learners": Case("learning.users", "updated_at", {"client_id": CLIENT, "device_id": "'device' || a"}),
    "delete_import_rejections": Case("courses.import_rejections", "rejected_at", {
        "source_table": "'users'", "source_row": "a::text", "row_hash": HASH, "reason": "'r'",
        "content": "'{}'::jsonb"}),
    "delete_match_requests": Case("courses.match_requests", "created_at", {
        "telegram_id": "500 + a", "written": "'Вера'"}),
    "delete_dialogs_left": Case("courses.dialogs", "updated_at", {"telegram_id": "500 + a", "screen": "'form'"}),
    "delete_broadcast_drafts": Case("courses.broadcasts", "created_at", {"title": "'t'", "audience": "'all'"}),
    "delete_dialogs": Case("dashboard.conversations", "last_message_at", {
        "session": "10000 - a", "tenant_id": TENANT, "client_id": "'1'"}),
    "delete_bookings": Case("dashboard.bookings", "created_at", {
        "tenant_id": TENANT, "external_id": "a::text", "client_id": "'1'"}),
    "delete_alerts": Case("dashboard.alerts", "triggered_at", {
        "tenant_id": TENANT, "kind": "'error_spike'", "resolved_at": "now()"}),
    "delete_page_sessions": Case("dashboard.page_sessions", "expires_at", {
        "id_hash": HASH, "user_id": USER, "way": "'link'"}),
    "delete_sign_in_links": Case("dashboard.sign_in_links", "expires_at", {"token_hash": ANY_HASH, "user_id": USER}),
    "delete_sign_in_attempts": Case("dashboard.sign_in_attempts", "tried_at", {"key_hash": ANY_HASH}),
    "delete_audits": Case("dashboard.audits", "created_at", {
        "tenant_id": TENANT, "action": "'a'", "description": "'d'"}),
}  # fmt: skip
