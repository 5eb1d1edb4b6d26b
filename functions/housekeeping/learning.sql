-- name: delete_idempotency_keys
with due as materialized (
    select ctid as place from learning.idempotency_keys
    where created_at < now() - make_interval(days => %(days)s::int)
    limit %(batch)s::int
), gone as (
    delete from learning.idempotency_keys where ctid = any(array(select place from due)) and not %(dry_run)s::boolean
)
select count(*) as due from due;

-- name: delete_usage
with due as materialized (
    select ctid as place from learning.usage
    where started_at < now() - make_interval(days => %(days)s::int)
    limit %(batch)s::int
), gone as (
    delete from learning.usage where ctid = any(array(select place from due)) and not %(dry_run)s::boolean
)
select count(*) as due from due;

-- name: delete_sessions
-- Messages do not touch their session: the newest of each thread says when it was used.
with due as materialized (
    select s.id from learning.track_sessions s
    where s.updated_at < now() - make_interval(days => %(days)s::int)
      and not exists (
          select from learning.chat_threads t
          join learning.chat_messages m on m.thread_id = t.id and m.seq = t.last_seq
          where t.session_id = s.id and m.created_at >= now() - make_interval(days => %(days)s::int))
      and not exists (
          select from learning.synopses y
          where y.session_id = s.id and y.updated_at >= now() - make_interval(days => %(days)s::int))
    order by s.updated_at
    limit %(batch)s::int
), gone as (
    delete from learning.track_sessions s
    where s.id = any(array(select id from due)) and not %(dry_run)s::boolean
      and s.updated_at < now() - make_interval(days => %(days)s::int)
)
select count(*) as due from due;

-- name: delete_learners
with due as materialized (
    select u.id from learning.users u
    where u.updated_at < now() - make_interval(days => %(days)s::int)
      and not exists (select from learning.track_sessions s where s.user_id = u.id)
    order by u.updated_at
    limit %(batch)s::int
), gone as (
    delete from learning.users u
    where u.id = any(array(select id from due)) and not %(dry_run)s::boolean
      and not exists (select from learning.track_sessions s where s.user_id = u.id)
)
select count(*) as due from due;
