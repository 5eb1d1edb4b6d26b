-- Digests: which salons have the day that is due, without a look at each salon.
create index concurrently metrics_dailies_day on dashboard.metrics_dailies (day);
-- Bookings: whether anything is due, without a look at each salon.
create index concurrently bookings_due on dashboard.bookings (look_at) where look_at < 'infinity';
-- Alerts that are over and may come back as the same, out of years of them.
create index concurrently alerts_latest on dashboard.alerts (coalesce(told_at, triggered_at)) where resolved_at is not null;
-- Housekeeping goes by time through all salons. A viewer's newest fifty were searched in the same index, row by row past those
-- of all others; an expression is housekeeping's alone.
create index concurrently conversations_term on dashboard.conversations ((last_message_at at time zone 'UTC'));
create index concurrently audits_term on dashboard.audits ((created_at at time zone 'UTC'));
drop index concurrently if exists dashboard.conversations_last_message;
drop index concurrently if exists dashboard.audits_created;
