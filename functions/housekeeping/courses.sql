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
