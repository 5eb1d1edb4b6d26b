-- name: school
select k.bot_id, k.language, k.timezone, k.quiet_from, k.quiet_to, now() as now
from courses.school k
where k.bot_id is not null;

-- name: due
-- What is soonest over comes first. What was enqueued once has its key in the outbox for longer than anything is due, also
-- when it was cancelled there. Whoever has closed the chat is reminded of what is due once they come back.
select r.kind::text as kind, r.lead, r.subject_id, r.user_id, r.telegram_id, r.title, r.note, r.on_date, r.end_date, r.start_time,
       r.happens_at, k.dedup_key, count(*) over () as total
from courses.v_reminders r
cross join lateral (
    select concat_ws('/', 'courses/reminder', r.kind, r.lead, r.subject_id, r.user_id, extract(epoch from r.happens_at)::bigint)
           as dedup_key) k
where r.on_date between (select %(since)s::date) and (select %(until)s::date)
  and r.due_at <= (select %(now)s::timestamptz) and r.until > (select %(now)s::timestamptz)
  and not exists (select from platform.outbox o where o.dedup_key = k.dedup_key)
  and not exists (
    select from platform.lanes l
    where l.bot_id = %(bot_id)s::bigint and l.lane = r.telegram_id::text and l.blocked_at is not null)
order by r.until, r.kind, r.subject_id, r.user_id
limit %(most)s::int;
