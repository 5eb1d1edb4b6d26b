-- name: school
select s.bot_id, s.language, s.timezone, s.quiet_from, s.quiet_to
from courses.school s
where s.bot_id is not null;

-- name: due
-- Healing sessions for which somebody waits, holds an offer, or is signed and does not know that they were cancelled or moved.
select s.healing_session_id as id
from courses.healing_signups s
where s.state in ('waiting', 'offered')
union
select h.id
from courses.healing_sessions h
join courses.healing_signups s on s.healing_session_id = h.id and s.state = 'signed'
where h.date >= %(today)s::date and (h.cancelled_at is not null or (s.told_date, s.told_time) <> (h.date, h.time_start))
order by 1;

-- name: lock
-- In one order, before anything is written about them: who counts places sees what those before have taken.
select h.id, h.date, h.time_start, h.cancelled_at is not null as is_cancelled
from courses.healing_sessions h
where h.id = any(%(ids)s::bigint[])
order by h.id
for update;

-- name: call_off
-- Everybody who counted on it.
update courses.healing_signups s
set state = 'cancelled', offer_until = null, version = s.version + 1
from courses.users u
where s.healing_session_id = any(%(ids)s::bigint[]) and s.state in ('signed', 'waiting', 'offered') and u.id = s.user_id
returning s.id, s.version, s.healing_session_id, u.telegram_id;

-- name: move
-- Whoever counts on it, and was told another time; when that was.
update courses.healing_signups s
set told_date = n.date, told_time = n.time_start, version = s.version + 1
from (
    select o.id, o.told_date, o.told_time, h.date, h.time_start, u.telegram_id
    from courses.healing_signups o
    join courses.healing_sessions h on h.id = o.healing_session_id
    join courses.users u on u.id = o.user_id
    where o.healing_session_id = any(%(ids)s::bigint[]) and o.state in ('signed', 'waiting', 'offered')
      and (o.told_date, o.told_time) <> (h.date, h.time_start)) n
where s.id = n.id
returning s.id, s.version, s.healing_session_id, n.told_date as date, n.told_time as time_start, n.telegram_id;

-- name: expire
-- Offers that nobody took in time; and, when it has begun, whoever waits.
update courses.healing_signups s
set state = 'expired', offer_until = null, version = s.version + 1
where s.healing_session_id = any(%(ids)s::bigint[]) and s.state in ('waiting', 'offered')
  and (s.offer_until <= %(now)s::timestamptz or s.healing_session_id = any(%(begun)s::bigint[]));

-- name: offer
-- The free places of each, to whoever has waited longest for them and has not shut the bot out.
update courses.healing_signups s
set state = 'offered', offer_until = n.offer_until, version = s.version + 1
from (
    select w.id, w.telegram_id, f.offer_until
    from unnest(%(ids)s::bigint[], %(untils)s::timestamptz[]) as f (id, offer_until)
    join courses.healing_sessions h on h.id = f.id
    cross join lateral (
        select q.id, u.telegram_id
        from courses.healing_signups q
        join courses.users u on u.id = q.user_id and u.telegram_id is not null
        left join courses.school k on true
        left join platform.lanes l on l.bot_id = k.bot_id and l.lane = u.telegram_id::text and l.blocked_at is not null
        where l.lane is null and q.healing_session_id = h.id and q.state = 'waiting'
        order by q.queued_at, q.id
        limit case when h.capacity is not null then greatest(0, h.capacity - (
            select count(*) from courses.healing_signups t
            where t.healing_session_id = h.id and t.state in ('signed', 'offered'))) end) w) n
where s.id = n.id
returning s.id, s.version, s.healing_session_id, s.offer_until, n.telegram_id;
