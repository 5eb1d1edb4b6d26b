-- name: compute
-- The last three local days of each salon, and those of the last fourteen that nobody computed: late sessions change days
-- that were told already, and the week's average wants a week. All salons in one range of instants, which leads through
-- the index on started_at; the history is read session by session, so that its size does not matter. Rows are locked in
-- order, so that two ticks wait for each other; the second one sees what the first one handed over.
with days as materialized (
    select d.tenant_id, d.day, d.begins, d.ends
    from (
        select a.tenant_id, a.day - n as day, n, dashboard.day_begins(a.day - n, a.timezone) as begins,
               dashboard.day_begins(a.day - n + 1, a.timezone) as ends
        from unnest(%(tenants)s::uuid[], %(timezones)s::text[], %(days)s::date[]) as a (tenant_id, timezone, day)
        cross join generate_series(0, 13) n) d
    where d.begins < d.ends and (d.n < 3 or not exists (
        select from dashboard.metrics_dailies m where m.tenant_id = d.tenant_id and m.day = d.day))
), sessions as materialized (
    select s.tenant_id, d.day, s.session_id, bool_or(s.booking_id is not null) as booked
    from public.conversation_sessions_v2 s
    join days d on d.tenant_id = s.tenant_id and s.started_at >= d.begins and s.started_at < d.ends
    where s.started_at >= (select min(begins) from days) and s.started_at < (select max(ends) from days)
    group by s.tenant_id, d.day, s.session_id
), counted as (
    select s.tenant_id, s.day, count(*) as dialogs, count(*) filter (where s.booked) as bookings,
           sum(a.ms) / nullif(sum(a.answers), 0) as response_ms
    from sessions s
    left join lateral (
        -- From the end backwards, the earliest answer so far is the next one.
        select sum(extract(epoch from h.answered_at - h.created_at) * 1000) as ms, count(h.answered_at) as answers
        from (
            select r.role, r.created_at,
                   min(r.created_at) filter (where r.role = 'assistant') over (
                       order by r.created_at desc, r.id desc rows unbounded preceding) as answered_at
            from public.recent_history_v2 r
            where r.session_id = s.session_id and r.tenant_id = s.tenant_id) h
        where h.role = 'user') a on true
    group by s.tenant_id, s.day
)
insert into dashboard.metrics_dailies as m (tenant_id, day, dialogs_started, bookings, conversion, avg_response_ms)
select d.tenant_id, d.day, coalesce(c.dialogs, 0), coalesce(c.bookings, 0),
       coalesce(round(100.0 * c.bookings / c.dialogs, 2), 0), least(coalesce(round(c.response_ms), 0), 2147483647)
from days d
left join counted c on c.tenant_id = d.tenant_id and c.day = d.day
order by d.tenant_id, d.day
on conflict (tenant_id, day) do update
set dialogs_started = excluded.dialogs_started, bookings = excluded.bookings, conversion = excluded.conversion,
    avg_response_ms = excluded.avg_response_ms, updated_at = clock_timestamp(),
    revised_at = case
        when m.digest_outbox_id is not null
             and (m.dialogs_started, m.bookings, m.conversion, m.avg_response_ms)
                 is distinct from (excluded.dialogs_started, excluded.bookings, excluded.conversion, excluded.avg_response_ms)
        then %(now)s::timestamptz else m.revised_at end
returning m.tenant_id, m.day, m.digest_outbox_id is not null or m.digest_sent_at is not null as told;
