-- name: compute
-- The last (three) local days of each salon, as late sessions change days whose digest was sent, and all since the last
-- one that was computed, up to fourteen: the week's average wants a week. All salons in one range of instants, which leads
-- through the index on started_at; the history is read by the sessions of a day, so that its size does not matter. Rows are
-- locked in order, so that two ticks wait for each other; the second one sees what the first one enqueued.
-- A day that was counted keeps its bounds, whatever zone its salon has by now, and the next one begins where it ended: it
-- is longer or shorter by what the salon moved, and each session counts once. (A day that was over before is left out.)
with wanted as materialized (
    select a.tenant_id, a.timezone, a.day - n as day
    from unnest(%(tenants)s::uuid[], %(timezones)s::text[], %(days)s::date[]) as a (tenant_id, timezone, day)
    left join lateral (
        select m.day from dashboard.metrics_dailies m
        where m.tenant_id = a.tenant_id and m.day <= a.day
        order by m.day desc limit 1) known on true
    cross join lateral generate_series(
        0, greatest(%(recompute_days)s::int, least(a.day - coalesce(known.day, a.day - 14), 14)) - 1) n
), days as materialized (  -- row by row (lateral): Postgres expects thousands of them, and would read all days there ever were
    select w.tenant_id, w.day,
           coalesce(near.begins_at, near.ends_before, (
               -- Hardly ever: the day before was not counted.
               select greatest(dashboard.day_begins(w.day, w.timezone), max(m.ends_at))
               from (
                   select m.ends_at from dashboard.metrics_dailies m
                   where m.tenant_id = w.tenant_id and m.day < w.day
                   order by m.day desc limit 1) m)) as begins,
           coalesce(near.ends_at, near.begins_after, dashboard.day_begins(w.day + 1, w.timezone)) as ends
    from wanted w
    cross join lateral (
        select max(m.begins_at) filter (where m.day = w.day) as begins_at,
               max(m.ends_at) filter (where m.day = w.day) as ends_at,
               max(m.ends_at) filter (where m.day = w.day - 1) as ends_before,
               max(m.begins_at) filter (where m.day = w.day + 1) as begins_after
        from dashboard.metrics_dailies m
        where m.tenant_id = w.tenant_id and m.day between w.day - 1 and w.day + 1) near
), sessions as materialized (
    select s.tenant_id, d.day, s.session_id, bool_or(s.booking_id is not null) as booked
    from public.conversation_sessions_v2 s
    join days d on d.tenant_id = s.tenant_id and s.started_at >= d.begins and s.started_at < d.ends
    where s.started_at >= (select min(begins) from days) and s.started_at < (select max(ends) from days)
    group by s.tenant_id, d.day, s.session_id
), counted as (
    select tenant_id, day, count(*) as dialogs, count(*) filter (where booked) as bookings, array_agg(session_id) as sessions
    from sessions
    group by tenant_id, day
)
insert into dashboard.metrics_dailies as m (tenant_id, day, begins_at, ends_at, dialogs_started, bookings, conversion,
                                            avg_response_ms, answers, waited_ms)
select d.tenant_id, d.day, d.begins, d.ends, coalesce(c.dialogs, 0), coalesce(c.bookings, 0),
       coalesce(round(100.0 * c.bookings / c.dialogs, 2), 0),
       least(coalesce(round(a.waited_ms / nullif(a.answers, 0)), 0), 2147483647),
       a.answers, coalesce(a.waited_ms, 0)
from days d
left join counted c on c.tenant_id = d.tenant_id and c.day = d.day
left join lateral (
    select count(*) as answers, sum(extract(epoch from h.answered_at - h.created_at) * 1000) as waited_ms
    from (
        -- From the end backwards, the earliest answer so far is the next one.
        select r.role, r.created_at,
               min(r.created_at) filter (where r.role = 'assistant') over (
                   partition by r.session_id order by r.created_at desc, r.id desc rows unbounded preceding) as answered_at
        from public.recent_history_v2 r
        where r.session_id = any(c.sessions) and r.tenant_id = d.tenant_id) h
    where h.role = 'user' and h.answered_at is not null) a on true
where d.begins < d.ends
order by d.tenant_id, d.day
on conflict (tenant_id, day) do update
set dialogs_started = excluded.dialogs_started, bookings = excluded.bookings, conversion = excluded.conversion,
    avg_response_ms = excluded.avg_response_ms, answers = excluded.answers, waited_ms = excluded.waited_ms, begins_at = excluded.begins_at, ends_at = excluded.ends_at,
    updated_at = clock_timestamp(),
    revised_at = case
        when m.digest_outbox_id is not null
             and (m.dialogs_started, m.bookings, m.conversion, m.avg_response_ms)
                 is distinct from (excluded.dialogs_started, excluded.bookings, excluded.conversion, excluded.avg_response_ms)
        then %(now)s::timestamptz else m.revised_at end
returning m.tenant_id, m.day, m.digest_outbox_id is not null or m.digest_sent_at is not null as has_digest;
