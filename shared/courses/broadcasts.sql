-- name: pause
-- What is on its way already comes back to wait, as its guard finds the pause.
update courses.broadcasts
set paused_at = clock_timestamp(), has_progress = true
where id = %(id)s::bigint and confirmed_at is not null and status in ('pending', 'sending') and paused_at is null
  and cancelled_at is null;

-- name: resume
update courses.broadcasts
set paused_at = null, has_progress = true
where id = %(id)s::bigint and paused_at is not null and status in ('pending', 'sending') and cancelled_at is null;

-- name: cancel
-- One that has not begun ends here; of another the dispatcher skips whoever has not got it yet.
update courses.broadcasts
set cancelled_at = clock_timestamp(), has_progress = status = 'sending', is_open = status = 'sending',
    status = case when status = 'pending' then 'error' else status end
where id = %(id)s::bigint and confirmed_at is not null and status in ('pending', 'sending') and cancelled_at is null;

-- name: retry
-- Whoever may have got it, or not, as a dispatcher died or no answer came, gets it once more.
update courses.broadcast_recipients
set status = 'queued', error = null, outbox_id = null
where broadcast_id = %(id)s::bigint and status = 'failed' and error = 'unknown' and exists (
    select from courses.broadcasts b where b.id = %(id)s::bigint and b.cancelled_at is null and b.withdrawn_at is null);

-- name: recipients
-- Everybody of a broadcast by id, with what became of them.
select r.user_id, coalesce(u.full_name, u.username, u.id::text) as name, r.status::text as status, r.error, r.sent_at
from courses.broadcast_recipients r
join courses.users u on u.id = r.user_id
where r.broadcast_id = %(id)s::bigint and r.user_id > %(after)s::bigint
order by r.user_id
limit %(most)s::int;
