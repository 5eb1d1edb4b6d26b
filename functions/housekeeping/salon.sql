-- name: delete_dialogs
-- Not the newest: the copying goes on behind it. The index is by an expression, so that no viewer's question is answered by it.
with due as materialized (
    select c.id from dashboard.conversations c
    where c.last_message_at at time zone 'UTC' < (now() - make_interval(days => %(days)s::int)) at time zone 'UTC'
      and c.session < (select max(n.session) from dashboard.conversations n)
    order by c.last_message_at at time zone 'UTC'
    limit %(batch)s::int
), gone as (
    delete from dashboard.conversations where id = any(array(select id from due)) and not %(dry_run)s::boolean
)
select count(*) as due from due;

-- name: delete_bookings
with due as materialized (
    select b.id from dashboard.bookings b
    where b.created_at < now() - make_interval(days => %(days)s::int)
    order by b.created_at
    limit %(batch)s::int
), gone as (
    delete from dashboard.bookings where id = any(array(select id from due)) and not %(dry_run)s::boolean
)
select count(*) as due from due;

-- name: delete_alerts
with due as materialized (
    select a.id from dashboard.alerts a
    where a.resolved_at is not null and a.triggered_at < now() - make_interval(days => %(days)s::int)
    order by a.triggered_at
    limit %(batch)s::int
), gone as (
    delete from dashboard.alerts where id = any(array(select id from due)) and not %(dry_run)s::boolean
)
select count(*) as due from due;

-- name: delete_audits
with due as materialized (
    select a.id from dashboard.audits a
    where a.created_at at time zone 'UTC' < (now() - make_interval(days => %(days)s::int)) at time zone 'UTC'
    order by a.created_at at time zone 'UTC'
    limit %(batch)s::int
), gone as (
    delete from dashboard.audits where id = any(array(select id from due)) and not %(dry_run)s::boolean
)
select count(*) as due from due;

-- name: delete_page_sessions
with due as materialized (
    select t.ctid as row_id from dashboard.page_sessions t
    where t.expires_at < now() - make_interval(days => %(days)s::int)
    order by t.expires_at
    limit %(batch)s::int
), gone as (
    delete from dashboard.page_sessions where ctid = any(array(select row_id from due)) and not %(dry_run)s::boolean
)
select count(*) as due from due;

-- name: delete_sign_in_links
with due as materialized (
    select t.ctid as row_id from dashboard.sign_in_links t
    where t.expires_at < now() - make_interval(days => %(days)s::int)
    order by t.expires_at
    limit %(batch)s::int
), gone as (
    delete from dashboard.sign_in_links where ctid = any(array(select row_id from due)) and not %(dry_run)s::boolean
)
select count(*) as due from due;

-- name: delete_sign_in_attempts
with due as materialized (
    select t.ctid as row_id from dashboard.sign_in_attempts t
    where t.tried_at < now() - make_interval(days => %(days)s::int)
    order by t.tried_at
    limit %(batch)s::int
), gone as (
    delete from dashboard.sign_in_attempts where ctid = any(array(select row_id from due)) and not %(dry_run)s::boolean
)
select count(*) as due from due;
