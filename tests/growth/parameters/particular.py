"""What the same name means to some statements, by the beginning of their names: the longest that fits counts."""

from shared.database import sql
from tests.growth.parameters.common import CONVERSATIONS, HANDOVERS, LAST_HUNDRED, QUEUED, SCHOOLS_BOT
from tests.growth.parameters.courses import COURSES
from tests.growth.parameters.pages import PAGES

DOCUMENTS = sql.load(__file__, "documents.sql")
MENTORS = "array(select (600000 + i)::text from generate_series(1, 10) i)"
OPEN_HANDOVERS = "array(select md5('handover' || i)::uuid from generate_series(%(rows)s / 50 - 9, %(rows)s / 50) i)"

PARTICULAR: dict[str, dict[str, str]] = {
    **PAGES,
    "functions/agent_reply/": {"messages::jsonb": DOCUMENTS["words"], "kind::text": "'tokens'"},
    "functions/answer_conversations/bursts.sql:mark_read": {"leased_until::timestamptz": "now()"},
    "functions/daily_metrics_digest/alerts/": {"alerts::jsonb": DOCUMENTS["alerts"]},
    "functions/daily_metrics_digest/conversations.sql:copy": {
        "after::bigint": "%(rows)s / 4 - 20",
        "until::bigint": "null",
    },
    "functions/dispatch_notifications/getcourse/": {"error_class::text": "'TimeoutError'"},
    "functions/dispatch_notifications/outbox/": {
        "decisions::jsonb": DOCUMENTS["decisions"],
        "ids::bigint[]": QUEUED,
        "refused::jsonb": DOCUMENTS["refused"],
        "facts::jsonb": DOCUMENTS["facts"],
        "failures::json": DOCUMENTS["failures"],
        "topics::text[]": "array['a', 'b']",
    },
    "functions/dispatch_notifications/outbox/backlog.sql": {"bot::bigint": "null"},
    "functions/dispatch_notifications/outbox/queue.sql:lock_lanes": {
        "bots::bigint[]": f"array_fill({SCHOOLS_BOT}, array[10])",
        "lanes::text[]": MENTORS,
    },
    "functions/dispatch_notifications/outbox/remedies.sql": {
        "ids::bigint[]": "array[%(rows)s + 1, %(rows)s + 2]",
        "states::text[]": "array['queued', 'queued']",
        "id::bigint": "%(rows)s + 1",
        "lanes::text[]": "array['600001', '600002']",
        "parts::jsonb": '\'[{"number": 1, "method": "sendMessage", "payload": {}}]\'',
    },
    "functions/handover_reminder_sweep/": {"ids::uuid[]": HANDOVERS},
    # So few and so young that the short history has them, too.
    "functions/housekeeping/": {"batch::int": "10", "days::int": "30"},
    "functions/housekeeping/platform.sql:delete_outbox_audits": {"days::int": "365"},
    "functions/housekeeping/salon.sql:delete_audits": {"days::int": "1095"},
    "functions/housekeeping/messages.sql": {"after::bigint": "0"},
    "functions/ingest_webhook/getcourse/": {"rows::json": DOCUMENTS["answers"]},
    "functions/ingest_webhook/inbox.sql": {"rows::json": DOCUMENTS["answers"]},
    "functions/ingest_webhook/refusals.sql": {"reasons::text[]": "array['too many']"},
    "functions/ingest_webhook/whatsapp/": {
        "rows::json": DOCUMENTS["conversations"],
        "addresses::json": DOCUMENTS["customers"],
        "failures::json": DOCUMENTS["failures"],
    },
    "functions/ingest_webhook/whatsapp/corrections.sql": {"rows::json": DOCUMENTS["messages"]},
    "functions/ingest_webhook/whatsapp/customers/": {"rows::json": DOCUMENTS["customers"]},
    "functions/ingest_webhook/whatsapp/customers/conversations.sql:claim": {"rows::json": DOCUMENTS["new_customers"]},
    "functions/ingest_webhook/whatsapp/customers/conversations.sql:insert_customers": {
        "rows::json": DOCUMENTS["new_customers"]
    },
    "functions/ingest_webhook/whatsapp/outgoing/echoes.sql": {"rows::json": DOCUMENTS["messages"]},
    "functions/ingest_webhook/yclients/": {"rows::json": DOCUMENTS["bookings"]},
    "functions/learning_api/": {"messages::jsonb": DOCUMENTS["words"], "kind::text": "'messages'"},
    "functions/learning_api/synopses.sql:add": {"origin::learning.synopsis_origin": "'snapshot'"},
    "functions/telegram_webhook/courses/": COURSES,
    "functions/telegram_webhook/courses/data/consents.sql:note": {"telegram_id::bigint": "959999"},
    "functions/telegram_webhook/salon/": {"bot_id::bigint": "2", "chat_id::bigint": "-100100000002", "id::bigint": "1"},
    "functions/telegram_webhook/starts/": {
        "bot_id::bigint": SCHOOLS_BOT,
        "chat_id::bigint": "600001",
        "lanes::text[]": "array['600001']",
    },
    "functions/telegram_webhook/support/topic_message.sql": {"key::text": "'support/message/1'"},
    "functions/telegram_webhook/support/press.sql:set_card_message": {"id::uuid": "md5('handover1')"},
    "functions/verify_bookings/": {"rows::json": DOCUMENTS["bookings"]},
    "infra/admin/bots.sql": {"name::text": "'bot-1'"},
    "infra/admin/bots.sql:add": {
        "name::text": "'bot-new'",
        "system::text": "'salon'",
        "telegram_id::bigint": "1",
        "address::text": "null",
    },
    "infra/admin/corrections/bots.sql": {"name::text": "'bot-1'", "id::bigint": "1", "bot::bigint": "1"},
    "infra/admin/corrections/bots.sql:delete": {"bot::bigint": "999999"},
    "infra/admin/corrections/sources.sql:delete": {"source::bigint": "999999"},
    "infra/admin/corrections/sources.sql": {"id::bigint": "1"},
    "infra/admin/courses/": COURSES,
    "infra/admin/doctor/learning.sql": {
        "client_limits::json": "'{}'",
        "device_limits::json": "'{}'",
        "device_tokens::json": "'{}'",
        "new_devices_tokens::json": "'{}'",
        "most::int": "1001",
    },
    "infra/admin/doctor/webhooks.sql": {"most::int": "1001"},
    "infra/admin/doctor/delivery.sql:groups": {"states::text[]": "array['dead', 'unknown']"},
    # Who is forgotten has written no more than others: that years of one person go row by row is no growth.
    "infra/admin/forgetting/": {
        "customers::uuid[]": "array[md5('customer' || %(rows)s / 20 - 15)::uuid]",
        "clients::text[]": "array[md5('guest' || %(rows)s / 10)::uuid::text]",
    },
    "infra/admin/forgetting/courses.sql": {**COURSES, "id::text": "'1'", "telegram_id::text": "'950001'"},
    "infra/admin/learning/forget.sql": {"user::uuid": "md5('learner' || %(rows)s / 100)"},
    "infra/admin/trace/": {
        "event::bigint": "null",
        "outbox::bigint": "null",
        "handovers::uuid[]": "'{}'",
        "ids::bigint[]": "'{}'",
    },
    "infra/admin/trace/trace.sql:notifications": {"events::bigint[]": "array[%(rows)s - 100]"},
    "infra/admin/forgetting/people.sql": {
        "events::bigint[]": "array[%(rows)s - 100]",
        "names::text[]": "array['Student 1']",
    },
    "infra/admin/forgetting/people.sql:delete_students": {"students::bigint[]": "array[9999]"},
    "infra/admin/forgetting/people.sql:delete_mentors": {"mentors::bigint[]": "array[9999]"},
    "infra/admin/learning/clients.sql": {"name::text": "'client-1'"},
    "infra/admin/learning/clients.sql:add": {"name::text": "'client-new'"},
    "infra/admin/learning/import_track.sql:add_track": {"slug::text": "'track-new'"},
    "infra/admin/outbox/": {"ids::bigint[]": LAST_HUNDRED, "states::text[]": "null"},
    "infra/admin/outbox/changes.sql:survey": {"ids::bigint[]": "null", "states::text[]": "array['dead', 'unknown']"},
    "infra/admin/outbox/messages.sql:list": {
        "ids::bigint[]": "null",
        "states::text[]": "array['dead', 'unknown']",
        "until::timestamptz": "null",
        "since::timestamptz": "null",
    },
    "infra/admin/people/apply.sql": {"rows::jsonb": DOCUMENTS["persons"]},
    "infra/admin/replay.sql": {"ids::bigint[]": "array(select generate_series(%(rows)s / 10 - 99, %(rows)s / 10))"},
    "infra/admin/replay.sql:delete_parsed": {"ids::bigint[]": "array[1, 2]"},
    "infra/admin/inbox/deliveries.sql": {
        "after::bigint": "0",
        "before::bigint": "null",
        "ids::bigint[]": "array[1, 2]",
        "id::bigint": "1",
        "reason::text": "'unknown event'",
    },
    "infra/admin/rotation/reseal.sql": {"id::bigint": "1"},
    "infra/admin/rotation/reseal.sql:store_tenant_secrets": {"id::text": "md5('tenant1')::uuid::text"},
    "infra/admin/salon/": {"name::text": "'yclients_token'"},
    "infra/admin/salon/connect.sql:add_bot": {"name::text": "'bot-new'"},
    "infra/admin/sources.sql:add": {"name::text": "'source-new'"},
    "infra/admin/support/handovers.sql:list": {"limit::int": "10"},
    "infra/admin/support/prompts.sql": {"name::text": "'system_prompt'"},
    "infra/admin/support/prompts.sql:add": {"name::text": "'classifier'"},
    "infra/admin/support/desks.sql:add": {"name::text": "'Desk new'", "source::bigint": "null"},
    "infra/admin/support/settings.sql:set_remind_at": {"ids::uuid[]": OPEN_HANDOVERS},
    "shared/delivery/enqueue.sql": {"messages::jsonb": DOCUMENTS["broadcast"]},
    "shared/delivery/chat_states.sql": {"cleared::jsonb": DOCUMENTS["refused"], "states::text[]": "array['queued']"},
    "shared/delivery/chats.sql": {"old::bigint": "600002"},
    "shared/delivery/failures.sql": {"failures::json": DOCUMENTS["failures"]},
    "shared/getcourse/notifications.sql:link": {"notification_id::bigint[]": LAST_HUNDRED},
    "shared/getcourse/notifications.sql:reserve": {
        "former_hash::text[]": "array(select encode(sha256(('old' || i)::bytea), 'hex') from generate_series(1, 100) i)"
    },
    "shared/getcourse/notifications.sql:store": {
        "id::bigint[]": "array(select generate_series(3 * %(rows)s + 1, 3 * %(rows)s + 100))"
    },
    "shared/support/cards.sql": {"ids::uuid[]": HANDOVERS},
    "shared/support/conversations.sql": {"ids::uuid[]": CONVERSATIONS},
    "shared/support/updates.sql": {"updates::jsonb": DOCUMENTS["updates"]},
}
