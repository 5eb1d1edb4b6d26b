-- name: delete_import_rejections
with due as materialized (
    select ctid as place from courses.import_rejections
    where rejected_at < now() - make_interval(days => %(days)s::int)
    limit %(batch)s::int
), gone as (
    delete from courses.import_rejections where ctid = any(array(select place from due)) and not %(dry_run)s::boolean
)
select count(*) as due from due;

-- name: delete_match_requests
with due as materialized (
    select ctid as place from courses.match_requests
    where created_at < now() - make_interval(days => %(days)s::int)
    limit %(batch)s::int
), gone as (
    delete from courses.match_requests where ctid = any(array(select place from due)) and not %(dry_run)s::boolean
)
select count(*) as due from due;

-- name: delete_dialogs_left
-- Somebody may come back just now: then the row is as new as their press.
with due as materialized (
    select ctid as place from courses.dialogs
    where updated_at < now() - make_interval(days => %(days)s::int)
    limit %(batch)s::int
), gone as (
    delete from courses.dialogs
    where ctid = any(array(select place from due)) and updated_at < now() - make_interval(days => %(days)s::int)
      and not %(dry_run)s::boolean
)
select count(*) as due from due;

-- name: delete_broadcast_drafts
with due as materialized (
    select ctid as place from courses.broadcasts
    where status = 'pending' and confirmed_at is null and created_at < now() - make_interval(days => %(days)s::int)
    limit %(batch)s::int
), gone as (
    delete from courses.broadcasts
    where ctid = any(array(select place from due)) and confirmed_at is null and not %(dry_run)s::boolean
)
select count(*) as due from due;
