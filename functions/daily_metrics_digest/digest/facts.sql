-- name: load
-- What the digests of these salons tell. A session that was archived twice counts once, with its booking.
with salons as materialized (
    select a.tenant_id, a.timezone, a.day, m.begins_at as begins, m.ends_at as ends
    from unnest(%(tenants)s::uuid[], %(timezones)s::text[], %(days)s::date[]) as a (tenant_id, timezone, day)
    join dashboard.metrics_dailies m on m.tenant_id = a.tenant_id and m.day = a.day
), sessions as materialized (
    select distinct on (s.tenant_id, s.session_id)
           s.tenant_id, s.booking_id, s.booking_amount, s.booking_currency, s.meta,
           case when s.final_status <> 'done' then s.meta ->> 'drop_off_stage' end as stage
    from public.conversation_sessions_v2 s
    join salons a on a.tenant_id = s.tenant_id and s.started_at >= a.begins and s.started_at < a.ends
    where s.started_at >= (select min(begins) from salons) and s.started_at < (select max(ends) from salons)
    order by s.tenant_id, s.session_id, s.booking_id is null, s.id desc
), lost as (
    select tenant_id, jsonb_object_agg(stage, sessions) as lost
    from (select tenant_id, stage, count(*) as sessions from sessions
          where stage in ('service_selection', 'staff_selection', 'date_selection', 'time_selection')
          group by tenant_id, stage) s
    group by tenant_id
), services as (
    -- Each gets its share of a booking's money; money in several currencies is no sum.
    select s.tenant_id, n.name, count(*) as bookings,
           case when min(s.booking_currency) = max(s.booking_currency) then round(sum(s.booking_amount / n.services), 2) end
               as revenue,
           min(s.booking_currency) as currency,
           row_number() over (partition by s.tenant_id order by count(*) desc, n.name) as place
    from sessions s
    cross join lateral (
        select e.name, count(*) over () as services
        from (select distinct btrim(j.name) as name from jsonb_array_elements_text(
            case jsonb_typeof(s.meta -> 'services_mentioned') when 'array' then s.meta -> 'services_mentioned' end)
            as j (name)) e
        where e.name <> '') n
    where s.booking_id is not null
    group by s.tenant_id, n.name
), top as (
    select tenant_id,
           jsonb_agg(jsonb_build_object('name', name, 'bookings', bookings, 'revenue', revenue, 'currency', currency)
                     order by place) as top
    from services
    where place <= 3
    group by tenant_id
), waiting as (
    select w.tenant_id, count(*) as waiting
    from public.wishlist_v2 w
    where w.status = 'pending' and w.tenant_id = any(%(tenants)s::uuid[])
      and not exists (  -- what the salon has marked as done on its pages
          select from dashboard.wishlist_marks m where m.tenant_id = w.tenant_id and m.wishlist_id = w.id)
    group by w.tenant_id
), disagreements as (
    select s.tenant_id, count(*) filter (where b.status = 'cancelled') as cancelled,
           count(*) filter (where b.status = 'no_show') as no_show,
           count(*) filter (where b.verified_at is null and b.attempts > 0) as unconfirmed
    from sessions s
    join dashboard.bookings b on b.tenant_id = s.tenant_id and b.external_id = s.booking_id
    group by s.tenant_id
), alerts as (
    select tenant_id, jsonb_agg(kind order by triggered_at, id) as alerts
    from dashboard.alerts
    where resolved_at is null and tenant_id = any(%(tenants)s::uuid[])
    group by tenant_id
), fortnights as (
    select m.tenant_id, jsonb_agg(jsonb_build_object(
               'day', m.day, 'dialogs', m.dialogs_started, 'bookings', m.bookings, 'conversion', m.conversion,
               'response_ms', m.avg_response_ms, 'revised', m.revised_at is not distinct from %(now)s::timestamptz)
               order by m.day) as days
    from salons a
    join dashboard.metrics_dailies m on m.tenant_id = a.tenant_id and m.day > a.day - 14 and m.day <= a.day
    group by m.tenant_id
), bot as materialized (
    -- The newest rows: whoever writes for any salon is alive. Primary keys lead there.
    select greatest((select created_at from public.conversation_sessions_v2 order by id desc limit 1),
                    (select created_at from public.recent_history_v2 order by id desc limit 1)) as wrote_at
)
select a.tenant_id, a.timezone, a.day, t.name, coalesce(c.language, 'ru') as language, c.bot_id,
       c.chat_id, b.name as bot, b.alert_chat_id, f.days, coalesce(l.lost, '{}') as lost,
       coalesce(o.top, '[]') as top, coalesce(w.waiting, 0) as waiting, coalesce(d.cancelled, 0) as cancelled,
       coalesce(d.no_show, 0) as no_show, coalesce(d.unconfirmed, 0) as unconfirmed, coalesce(r.alerts, '[]') as alerts,
       bot.wrote_at at time zone a.timezone as bot_wrote_at, %(now)s::timestamptz at time zone a.timezone as now,
       bot.wrote_at is null or (
           bot.wrote_at <= %(now)s::timestamptz - make_interval(hours => coalesce(c.stale_hours, 6)) and (
               -- Nobody writes at night, which proves nothing: only hours outside the quiet ones count.
               select count(*) >= coalesce(c.stale_hours, 6)
               from (select extract(hour from h at time zone a.timezone)::int as hour
                     from generate_series(greatest(bot.wrote_at, %(now)s::timestamptz - interval '15 days'),
                                          %(now)s::timestamptz - interval '1 hour', interval '1 hour') h) e
               where (e.hour - coalesce(c.quiet_until, 8) + 24) %% 24
                     < (coalesce(c.quiet_from, 22) - coalesce(c.quiet_until, 8) + 24) %% 24
                  or c.quiet_from = c.quiet_until)) as is_stale
from salons a
cross join bot
join public.tenants_v2 t on t.id = a.tenant_id
left join dashboard.tenant_settings c on c.tenant_id = a.tenant_id
left join platform.bots b on b.id = c.bot_id
left join fortnights f on f.tenant_id = a.tenant_id
left join lost l on l.tenant_id = a.tenant_id
left join top o on o.tenant_id = a.tenant_id
left join waiting w on w.tenant_id = a.tenant_id
left join disagreements d on d.tenant_id = a.tenant_id
left join alerts r on r.tenant_id = a.tenant_id
order by a.tenant_id;
