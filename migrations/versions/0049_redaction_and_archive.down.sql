drop function platform.archive_deleted() cascade;
drop function platform.archive_emptied() cascade;
drop table platform.archive_queue;
revoke select (source_id, raw_payload), update (raw_payload) on getcourse.account_events from fn_housekeeping;
revoke select (source_id) on getcourse.webhook_events from fn_housekeeping;
revoke select (id) on platform.webhook_sources from fn_housekeeping;
alter table platform.webhook_sources
    drop column redact, drop column answers_redacted, drop column account_events_redacted;
drop function platform.redacted(jsonb, jsonb);
drop function platform.redacted(jsonb, jsonb, int);
