-- name: empty_raw_payloads
-- Not of what still waits: an answer is told with what its payload holds.
with due as materialized (
    select e.id from getcourse.webhook_events e
    where e.processed and (e.raw_payload is not null or e.raw_body is not null)
      and e.created_at < now() - make_interval(days => %(days)s::int)
    order by e.created_at
    limit %(batch)s::int
), emptied as (
    update getcourse.webhook_events e set raw_payload = null, raw_body = null
    where e.id = any(array(select id from due)) and e.processed and not %(dry_run)s::boolean
)
select count(*) as due from due;

-- name: delete_answers
-- The oldest by id are the oldest by time: the primary key leads there, and ingest_webhook pays for no other index.
with oldest as materialized (
    select e.id, e.created_at from getcourse.webhook_events e order by e.id limit %(batch)s::int
), due as materialized (
    select id from oldest where created_at < now() - make_interval(days => %(days)s::int)
), gone as (
    delete from getcourse.webhook_events where id = any(array(select id from due)) and not %(dry_run)s::boolean
)
select count(*) as due from due;

-- name: delete_account_events
-- As answers.
with oldest as materialized (
    select a.id, a.created_at from getcourse.account_events a order by a.id limit %(batch)s::int
), due as materialized (
    select id from oldest where created_at < now() - make_interval(days => %(days)s::int)
), gone as (
    delete from getcourse.account_events where id = any(array(select id from due)) and not %(dry_run)s::boolean
)
select count(*) as due from due;

-- name: empty_notifications
with due as materialized (
    select n.id from getcourse.notifications n
    where n.message <> '' and n.status <> 'pending' and n.created_at < now() - make_interval(days => %(days)s::int)
    order by n.created_at
    limit %(batch)s::int
), emptied as (
    update getcourse.notifications n set message = ''
    where n.id = any(array(select id from due)) and n.status <> 'pending' and not %(dry_run)s::boolean
)
select count(*) as due from due;

-- name: delete_notifications
-- As answers, and after them: what could be told again is gone by then.
with oldest as materialized (
    select n.id, n.created_at from getcourse.notifications n order by n.id limit %(batch)s::int
), due as materialized (
    select id from oldest where created_at < now() - make_interval(days => %(days)s::int)
), gone as (
    delete from getcourse.notifications where id = any(array(select id from due)) and not %(dry_run)s::boolean
)
select count(*) as due from due;

-- name: delete_application_logs
with due as materialized (
    select ctid as place from getcourse.application_logs
    where created_at < now() - make_interval(days => %(days)s::int)
    limit %(batch)s::int
), gone as (
    delete from getcourse.application_logs where ctid = any(array(select place from due)) and not %(dry_run)s::boolean
)
select count(*) as due from due;

-- name: delete_error_logs
with due as materialized (
    select ctid as place from getcourse.error_logs
    where created_at < now() - make_interval(days => %(days)s::int)
    limit %(batch)s::int
), gone as (
    delete from getcourse.error_logs where ctid = any(array(select place from due)) and not %(dry_run)s::boolean
)
select count(*) as due from due;
