-- name: has_version
select to_regclass('public.carillon_version') is not null as there;

-- name: revision
select max(version_num) as revision from public.carillon_version;

-- name: counts
select
    (select count(*) from platform.bots) as bots,
    (select count(*) from platform.webhook_sources) as sources,
    (select count(*) from getcourse.v_active_mentors) as mentors,
    (select count(*) from getcourse.v_active_students) as students,
    (select count(*) from getcourse.v_active_mappings) as mappings,
    (select count(*) from getcourse.webhook_events) as events,
    (select count(*) from getcourse.webhook_events where not processed) as events_waiting,
    (select count(*) from platform.inbox) as deliveries_not_understood,
    (select count(*) from platform.outbox where state in ('queued', 'sending')) as messages_waiting,
    (select count(*) from platform.outbox where state = 'sent') as messages_sent,
    (select count(*) from platform.outbox where state in ('dead', 'unknown')) as messages_failed;
