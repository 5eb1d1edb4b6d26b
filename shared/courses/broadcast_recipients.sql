-- name: lock
select r.user_id
from platform.outbox o
join courses.broadcast_recipients r
    on r.broadcast_id = (o.guard ->> 'broadcast_id')::bigint and r.user_id = (o.guard ->> 'user_id')::bigint
where o.id = any(%(ids)s::bigint[]) and o.kind = 'courses/broadcast'
order by r.broadcast_id, r.user_id
for update of r;

-- name: lock_broadcasts
select b.id
from courses.broadcasts b
where b.id in (
    select (o.guard ->> 'broadcast_id')::bigint from platform.outbox o
    where o.id = any(%(ids)s::bigint[]) and o.kind = 'courses/broadcast')
order by b.id
for no key update;

-- name: write_back
-- What a guard kept back is skipped for the reason that it found. Where there is none, the broadcast was paused, and whoever
-- was to get it waits for a turn.
update courses.broadcast_recipients r
set status = e.status::courses.recipient_status,
    error = case when e.status in ('failed', 'skipped') then coalesce(e.reason, o.error_class, o.state) end,
    sent_at = case when e.status = 'sent' then o.finished_at end,
    message_id = case when e.status = 'sent' then o.message_id end,
    outbox_id = case when e.status <> 'queued' or o.finished_at is null then o.id end
from platform.outbox o
join courses.broadcasts b on b.id = (o.guard ->> 'broadcast_id')::bigint
left join courses.v_mailings m on m.user_id = (o.guard ->> 'user_id')::bigint
cross join lateral (
    select case when b.cancelled_at is not null then 'cancelled' else m.obstacle end as obstacle) w
cross join lateral (
    select case when o.state = 'sent' then 'sent'
                when o.finished_at is null then 'queued'
                when o.state <> 'cancelled' then 'failed'
                when o.error_class is distinct from 'guard' or w.obstacle is not null then 'skipped'
                else 'queued' end as status,
           case when o.state = 'unknown' then 'unknown'  -- it may have arrived
                when o.state = 'cancelled' and o.error_class = 'guard' then w.obstacle end as reason) e
where o.id = any(%(ids)s::bigint[]) and r.broadcast_id = b.id and r.user_id = (o.guard ->> 'user_id')::bigint
  and r.outbox_id = o.id;
