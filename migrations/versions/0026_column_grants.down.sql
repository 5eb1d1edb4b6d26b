revoke select on platform.bots from fn_telegram_webhook, fn_remind_deadlines, fn_remind_courses;
grant select on platform.bots to fn_telegram_webhook, fn_remind_deadlines, fn_remind_courses;

revoke select on platform.webhook_sources from fn_dispatch_notifications, fn_remind_deadlines, fn_remind_courses;
grant select on platform.webhook_sources to fn_dispatch_notifications, fn_remind_deadlines, fn_remind_courses;

revoke select on getcourse.webhook_events from fn_ingest_webhook, fn_remind_deadlines, fn_remind_courses;
grant select on getcourse.webhook_events to fn_ingest_webhook, fn_remind_deadlines, fn_remind_courses;

revoke select, update on getcourse.account_events from fn_ingest_webhook;
grant select, update on getcourse.account_events to fn_ingest_webhook;

revoke select on getcourse.student_versions from fn_ingest_webhook;
grant select on getcourse.student_versions to fn_ingest_webhook;

revoke select on platform.failed_updates from fn_telegram_webhook, fn_housekeeping;
grant select on platform.failed_updates to fn_telegram_webhook, fn_housekeeping;
