create index concurrently conversations_last_message on dashboard.conversations (last_message_at);
create index concurrently audits_created on dashboard.audits (created_at);
drop index concurrently if exists dashboard.audits_term;
drop index concurrently if exists dashboard.conversations_term;
drop index concurrently if exists dashboard.alerts_latest;
drop index concurrently if exists dashboard.bookings_due;
drop index concurrently if exists dashboard.metrics_dailies_day;
