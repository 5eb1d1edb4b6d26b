grant execute on function platform.redacted(jsonb, jsonb) to fn_housekeeping;
grant select (id, redact, answers_redacted, account_events_redacted), update (answers_redacted, account_events_redacted)
    on platform.webhook_sources to fn_housekeeping;
grant select (source_id) on getcourse.webhook_events to fn_housekeeping;
grant select (source_id, raw_payload), update (raw_payload) on getcourse.account_events to fn_housekeeping;
drop function platform.redact_next(text, int, int, boolean);
drop function platform.redacted(bytea, jsonb);
alter table platform.webhook_sources drop column inbox_redacted;
