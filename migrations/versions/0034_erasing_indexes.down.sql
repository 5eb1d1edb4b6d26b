alter table platform.lanes reset (autovacuum_analyze_scale_factor, autovacuum_analyze_threshold);
alter table platform.outbox reset (autovacuum_analyze_scale_factor, autovacuum_analyze_threshold);
alter table learning.idempotency_keys reset (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold);
alter table support.handovers reset (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold);
alter table support.conversations reset (
    autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold, autovacuum_analyze_scale_factor);
alter table support.messages reset (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold);
alter table getcourse.notifications reset (
    autovacuum_vacuum_scale_factor, autovacuum_analyze_scale_factor, autovacuum_analyze_threshold);
alter table getcourse.webhook_events reset (autovacuum_analyze_scale_factor, autovacuum_analyze_threshold);

drop index dashboard.bookings_client, dashboard.conversations_client, platform.outbox_bot;
