-- Whoever takes over one function reads what that function reads, column by column where a table holds secrets or what people
-- wrote. Only the dispatcher and serve_media read bots' sealed tokens, only ingest_webhook what gateways sign with; who
-- stores a raw body does not read any. The statements of the release before this one keep what they need.

-- To revoke a table's privilege takes those of its columns, too: so all of a role's are named here.
revoke select on platform.bots from fn_telegram_webhook, fn_remind_deadlines, fn_remind_courses;
grant select (id, name, system, channel, username, webhook_version, webhook_rotated_at, alert_chat_id)
    on platform.bots to fn_telegram_webhook;
grant select (id, system, channel) on platform.bots to fn_remind_deadlines, fn_remind_courses;

revoke select on platform.webhook_sources from fn_dispatch_notifications, fn_remind_deadlines, fn_remind_courses;
grant select (id, provider, name, bot_id, admin_chat_id, timezone, language, link_template, collapse_seconds)
    on platform.webhook_sources to fn_dispatch_notifications;
grant select (id, provider, timezone, language) on platform.webhook_sources to fn_remind_deadlines, fn_remind_courses;

revoke select on getcourse.webhook_events from fn_ingest_webhook, fn_remind_deadlines, fn_remind_courses;
grant select (correlation_id) on getcourse.webhook_events to fn_ingest_webhook;
grant select (user_id, user_email, answer_lesson_id) on getcourse.webhook_events to fn_remind_deadlines, fn_remind_courses;

revoke select, update on getcourse.account_events from fn_ingest_webhook;
grant select (source_id, natural_key, event_types, correlation_id, xmax), update (event_types)
    on getcourse.account_events to fn_ingest_webhook;

revoke select on getcourse.student_versions from fn_ingest_webhook;
grant select (getcourse_id, email, valid_from, valid_to) on getcourse.student_versions to fn_ingest_webhook;

revoke select on platform.failed_updates from fn_telegram_webhook, fn_housekeeping;
grant select (bot_id, update_id, attempts, error, correlation_id, set_aside_at) on platform.failed_updates to fn_telegram_webhook;
grant select (ctid, last_failed_at, set_aside_at) on platform.failed_updates to fn_housekeeping;
