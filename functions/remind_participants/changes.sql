-- name: untold
-- Sessions and events of which participants know another state than the current one, or none yet.
select 'session' as kind, s.id, coalesce(s.title, t.title, s.topic_code) as title, s.told_version as version, s.told_date,
       s.told_time::time as told_time, s.told_cancelled, s.start_date as on_date, s.start_time::time as start_time,
       s.cancelled_at is not null as is_cancelled
from courses.sessions s
left join courses.topics t on t.code = s.topic_code
where s.is_untold
union all
select 'event', e.id, e.title, e.told_version, e.told_date, e.told_time, e.told_cancelled, e.start_date, e.start_time,
       e.cancelled_at is not null
from courses.events e
where e.is_untold
order by kind, id
limit %(most)s::int;

-- name: readers
-- Who has not been told of a change yet. Whoever has closed the chat is not.
select r.user_id, r.telegram_id
from courses.v_change_readers r
where r.kind = %(kind)s::courses.reminder_kind and r.subject_id = %(id)s::bigint
  and not exists (
    select from platform.outbox o
    where o.dedup_key = concat_ws('/', 'courses/change', r.kind, r.subject_id, %(version)s::int, r.user_id))
  and not exists (
    select from platform.lanes l
    where l.bot_id = %(bot_id)s::bigint and l.lane = r.telegram_id::text and l.blocked_at is not null)
order by r.user_id
limit %(most)s::int;

-- name: note_session
-- Participants know this state from now on; whoever has changed it since, they hear of that next.
update courses.sessions
set told_date = %(on_date)s::date, told_time = %(start_time)s::time, told_cancelled = %(is_cancelled)s::boolean,
    told_version = told_version + 1
where id = %(id)s::bigint and told_version = %(version)s::int;

-- name: note_event
update courses.events
set told_date = %(on_date)s::date, told_time = %(start_time)s::time, told_cancelled = %(is_cancelled)s::boolean,
    told_version = told_version + 1
where id = %(id)s::bigint and told_version = %(version)s::int;
