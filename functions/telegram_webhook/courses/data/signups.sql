-- name: sessions
-- Healing sessions of today and later, or the one with this id, with the person's own sign-up.
select h.id, h.date, h.time_start, h.note, h.capacity, h.cancelled_at is not null as is_cancelled,
       (h.date + h.time_start) at time zone %(timezone)s::text <= %(now)s::timestamptz as has_begun,
       n.taken, n.waiting, s.state::text as state, s.offer_until,
       (select count(*) from courses.healing_signups a
        where a.healing_session_id = h.id and a.state = 'waiting' and (a.queued_at, a.id) < (s.queued_at, s.id)) as ahead
from courses.healing_sessions h
left join courses.healing_signups s on s.healing_session_id = h.id and s.user_id = %(user_id)s::bigint
cross join lateral (
    select count(*) filter (where t.state in ('signed', 'offered')) as taken,
           count(*) filter (where t.state = 'waiting') as waiting
    from courses.healing_signups t
    where t.healing_session_id = h.id) n
where h.date >= %(today)s::date and (%(id)s::bigint is null or h.id = %(id)s::bigint)
order by h.date, h.time_start, h.id
offset %(offset)s::int limit %(most)s::int;

-- name: people
select coalesce(u.full_name, u.username, u.id::text) as name, s.state::text as state
from courses.healing_signups s
join courses.users u on u.id = s.user_id
where s.healing_session_id = %(id)s::bigint and s.state in ('signed', 'offered', 'waiting')
order by s.state = 'waiting', case when s.state = 'waiting' then s.queued_at end, name, u.id
limit %(most)s::int;

-- name: sign_up
-- A free place is taken at once; else whoever came later waits behind those who came before.
insert into courses.healing_signups as s (healing_session_id, user_id, state, told_date, told_time)
select h.id, %(user_id)s::bigint,
       case when h.capacity <= (select count(*) from courses.healing_signups t
                                where t.healing_session_id = h.id and t.state in ('signed', 'offered'))
            then 'waiting' else 'signed' end::courses.signup_state, h.date, h.time_start
from courses.healing_sessions h
where h.id = %(id)s::bigint and h.cancelled_at is null
  and (h.date + h.time_start) at time zone %(timezone)s::text > %(now)s::timestamptz
on conflict (healing_session_id, user_id) do update
set state = excluded.state, version = s.version + 1, told_date = excluded.told_date, told_time = excluded.told_time,
    queued_at = case when s.state = 'waiting' then s.queued_at else clock_timestamp() end
where s.state in ('cancelled', 'expired') or s.state = 'waiting' and excluded.state = 'signed'
returning s.state::text as state;

-- name: accept
update courses.healing_signups s
set state = 'signed', offer_until = null, version = s.version + 1
where s.healing_session_id = %(id)s::bigint and s.user_id = %(user_id)s::bigint and s.state = 'offered';

-- name: leave
-- What has begun stays as it was.
update courses.healing_signups s
set state = 'cancelled', offer_until = null, version = s.version + 1
from courses.healing_sessions h
where h.id = s.healing_session_id and (h.date + h.time_start) at time zone %(timezone)s::text > %(now)s::timestamptz
  and s.healing_session_id = %(id)s::bigint and s.user_id = %(user_id)s::bigint
  and s.state in ('signed', 'waiting', 'offered');
