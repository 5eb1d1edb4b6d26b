-- name: open
-- Broadcasts under way, and what each waits for.
select b.id, k.bot_id,
       b.status = 'pending' and b.paused_at is null
           and coalesce(b.scheduled_at, b.confirmed_at) <= (select clock_timestamp()) as is_due,
       b.status = 'sending' and b.paused_at is null and b.cancelled_at is null as is_sending,
       b.status = 'sending' and b.cancelled_at is not null as is_ending,
       exists (
           select from courses.broadcast_recipients r
           where r.broadcast_id = b.id and r.message_id is not null
             and (r.revision < b.revision or b.withdrawn_at is not null)
             and r.sent_at > (select clock_timestamp()) - make_interval(hours => %(hours)s::int)) as is_changed,
       b.has_progress, b.status in ('done', 'error') as is_over
from courses.broadcasts b
join courses.school k on k.bot_id is not null
where b.is_open
order by b.id
limit %(most)s::int;

-- name: begin
-- Locks the broadcast: whoever else would plan it finds that it has begun.
update courses.broadcasts
set status = 'sending', started_at = clock_timestamp(), has_progress = true,
    stats_json = '{"queued": 0, "sent": 0, "failed": 0, "skipped": 0}'
where id = %(id)s::bigint and status = 'pending' and confirmed_at is not null and paused_at is null
  and coalesce(scheduled_at, confirmed_at) <= (select clock_timestamp());

-- name: freeze
-- From here on they are those of this moment. Whoever cannot be written to is among them, with the reason.
insert into courses.broadcast_recipients (broadcast_id, user_id, status, error)
select a.broadcast_id, a.user_id, case when a.obstacle is null then 'queued' else 'skipped' end::courses.recipient_status,
       a.obstacle
from courses.v_audiences a
where a.broadcast_id = %(id)s::bigint
order by a.user_id;

-- name: end_empty
update courses.broadcasts
set status = 'done', sent_at = clock_timestamp(), is_open = true, has_progress = true
where id = %(id)s::bigint;

-- name: skip_rest
update courses.broadcast_recipients
set status = 'skipped', error = 'cancelled'
where broadcast_id = %(id)s::bigint and status = 'queued' and outbox_id is null;

-- name: message
-- What everybody gets now, of one that goes out. Each file of an album counts as a message: `gap_seconds` is how long after one
-- album the next one may follow, if broadcasts have half of the bot's rate.
select b.message, b.revision, greatest(jsonb_array_length(b.message #> '{payload,media}'), 1) as files,
       coalesce(jsonb_array_length(b.message #> '{payload,media}') * 2 / t.rate_per_second::float8, 0) as gap_seconds
from courses.broadcasts b
join courses.school k on k.bot_id is not null
join platform.bots t on t.id = k.bot_id
where b.id = %(id)s::bigint and b.status = 'sending' and b.paused_at is null and b.cancelled_at is null;

-- name: waiting
-- The next recipients, as far as there is room on the way. One that another run has locked is its own.
with on_way as materialized (
    select count(*) as ahead from courses.broadcast_recipients w
    where w.broadcast_id = %(id)s::bigint and w.status = 'queued' and w.outbox_id is not null
)
select r.user_id, r.enqueued, (select u.telegram_id from courses.users u where u.id = r.user_id) as telegram_id,
       (select ahead from on_way) as ahead
from courses.broadcast_recipients r
where r.broadcast_id = %(id)s::bigint and r.status = 'queued' and r.outbox_id is null
order by r.outbox_id, r.user_id  -- as the index has them
limit (select greatest(%(most)s::int - ahead, 0) from on_way)
for update of r skip locked;

-- name: note_enqueued
update courses.broadcast_recipients r
set outbox_id = n.outbox_id, enqueued = r.enqueued + 1, revision = %(revision)s::int
from unnest(%(users)s::bigint[], %(ids)s::bigint[]) as n (user_id, outbox_id)
where r.broadcast_id = %(id)s::bigint and r.user_id = n.user_id;

-- name: skip_without_account
update courses.broadcast_recipients
set status = 'skipped', error = 'no_account'
where broadcast_id = %(id)s::bigint and user_id = any(%(users)s::bigint[]);

-- name: changed
-- Whoever has an older text than the current one, or a message that shall go.
select r.user_id, r.message_id, o.external_id as album, o.chat_id as telegram_id, b.message, b.revision, b.withdrawn_at is not null as is_withdrawn
from courses.broadcasts b
join courses.broadcast_recipients r on r.broadcast_id = b.id and r.message_id is not null
    and (r.revision < b.revision or b.withdrawn_at is not null)
    and r.sent_at > (select clock_timestamp()) - make_interval(hours => %(hours)s::int)
join platform.outbox o on o.id = r.outbox_id
where b.id = %(id)s::bigint
limit %(most)s::int
for update of r skip locked;

-- name: note_changed
-- A message that goes is nobody's any more.
update courses.broadcast_recipients
set revision = %(revision)s::int, message_id = case when not %(is_withdrawn)s::boolean then message_id end
where broadcast_id = %(id)s::bigint and user_id = any(%(users)s::bigint[]);

-- name: progress
-- What its author does not know yet, unless the last version is some seconds old only, or on its way. A message that the author
-- deleted, or does not want, gets no further version.
select b.id, b.title, b.status::text as status, b.stats_json as stats, b.paused_at is not null as is_paused,
       b.cancelled_at is not null as is_cancelled, b.progress_outbox_id, k.bot_id, k.language, u.telegram_id,
       coalesce(o.message_id, b.progress_message_id) as shown_by, coalesce(o.state in ('dead', 'unknown'), false) as is_unwanted
from courses.broadcasts b
join courses.school k on k.bot_id is not null
left join courses.users u on u.id = b.created_by
left join platform.outbox o on o.id = b.progress_outbox_id
where b.id = %(id)s::bigint and b.has_progress and coalesce(o.state not in ('queued', 'sending'), true)
  and (b.status in ('done', 'error') or b.progress_at is null
       or b.progress_at < (select clock_timestamp()) - make_interval(secs => %(seconds)s::int))
for update of b skip locked;

-- name: note_progress
update courses.broadcasts b
set has_progress = false, progress_at = clock_timestamp(),
    progress_outbox_id = coalesce(%(outbox_id)s::bigint, b.progress_outbox_id),
    progress_message_id = coalesce(
        (select o.message_id from platform.outbox o where o.id = b.progress_outbox_id), b.progress_message_id)
where b.id = %(id)s::bigint;

-- name: close
update courses.broadcasts b
set is_open = false
where b.id = %(id)s::bigint and b.status in ('done', 'error') and not b.has_progress and not exists (
    select from courses.broadcast_recipients r
    where r.broadcast_id = b.id and r.message_id is not null
      and (r.revision < b.revision or b.withdrawn_at is not null)
      and r.sent_at > (select clock_timestamp()) - make_interval(hours => %(hours)s::int));
