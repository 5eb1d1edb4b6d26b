-- name: delete_outbox_audits
with due as materialized (
    select ctid as place from platform.outbox_audits
    where at < now() - make_interval(days => %(days)s::int)
    limit %(batch)s::int
), gone as (
    delete from platform.outbox_audits where ctid = any(array(select place from due)) and not %(dry_run)s::boolean
)
select count(*) as due from due;

-- name: delete_deliveries
with due as materialized (
    select i.id from platform.inbox i
    where coalesce(i.dismissed_at, i.received_at) < now() - make_interval(days => %(days)s::int)
    order by coalesce(i.dismissed_at, i.received_at)
    limit %(batch)s::int
), gone as (
    delete from platform.inbox where id = any(array(select id from due)) and not %(dry_run)s::boolean
)
select count(*) as due from due;

-- name: delete_updates
with due as materialized (
    select ctid as place from platform.updates
    where received_at < now() - make_interval(days => %(days)s::int)
    limit %(batch)s::int
), gone as (
    delete from platform.updates where ctid = any(array(select place from due)) and not %(dry_run)s::boolean
)
select count(*) as due from due;

-- name: delete_failed_updates
with due as materialized (
    select ctid as place from platform.failed_updates
    where set_aside_at is null and last_failed_at < now() - make_interval(days => %(days)s::int)
    limit %(batch)s::int
), gone as (
    delete from platform.failed_updates
    where ctid = any(array(select place from due)) and set_aside_at is null and not %(dry_run)s::boolean
)
select count(*) as due from due;

-- name: delete_updates_set_aside
with due as materialized (
    select ctid as place from platform.failed_updates
    where set_aside_at is not null and last_failed_at < now() - make_interval(days => %(days)s::int)
    limit %(batch)s::int
), gone as (
    delete from platform.failed_updates where ctid = any(array(select place from due)) and not %(dry_run)s::boolean
)
select count(*) as due from due;

-- name: delete_refused_requests
with due as materialized (
    select ctid as place from platform.refused_requests
    where day < current_date - %(days)s::int
    limit %(batch)s::int
), gone as (
    delete from platform.refused_requests where ctid = any(array(select place from due)) and not %(dry_run)s::boolean
)
select count(*) as due from due;

-- name: delete_run_reports
-- The oldest by id are the oldest by time.
with oldest as materialized (
    select r.correlation_id, r.finished_at from platform.run_reports r order by r.correlation_id limit %(batch)s::int
), due as materialized (
    select correlation_id from oldest where finished_at < now() - make_interval(days => %(days)s::int)
), gone as (
    delete from platform.run_reports
    where correlation_id = any(array(select correlation_id from due)) and not %(dry_run)s::boolean
)
select count(*) as due from due;
