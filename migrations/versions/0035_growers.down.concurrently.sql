create index concurrently student_versions_email on getcourse.student_versions (lower(email));
create index concurrently student_versions_getcourse_id on getcourse.student_versions (getcourse_id);
create index concurrently alerts_latest on dashboard.alerts (coalesce(told_at, triggered_at)) where resolved_at is not null;
drop index concurrently if exists dashboard.alerts_told;
drop index concurrently if exists platform.inbox_dismissed;
drop index concurrently if exists platform.inbox_open;
