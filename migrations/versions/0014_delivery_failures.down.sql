revoke update (state, finished_at, error_class, error_code) on platform.outbox from fn_ingest_webhook;
drop table platform.delivery_failures;
drop index platform.outbox_external;
